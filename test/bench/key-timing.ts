/**
 * `npm run bench:keys`: whether time tells a wrong secret from an unknown id. Prints medians and Welch's t, beyond 4.5 of which
 * two distributions count as different (ISO/IEC 17825); asserts nothing.
 */
import { randomBytes } from "node:crypto"
import { type AuthenticateDeps, authenticate } from "../../functions/access/authenticate.ts"
import { formatKey, KEY_ID_BYTES, KEY_SECRET_BYTES, makeKey } from "../../functions/access/key-format.ts"
import { rememberedAccess } from "../../functions/access/remembered.ts"
import { hasHash, secretHash } from "../../functions/codecs/key-secret.ts"
import { storedKey } from "../fakes/stored-key.ts"
import { openTemporaryStorage } from "../fakes/temporary-storage.ts"

const ROUNDS = 100_000
const WARM_UP = 5_000

const newKey = () => makeKey(randomBytes(KEY_ID_BYTES), randomBytes(KEY_SECRET_BYTES))
const storage = openTemporaryStorage()
const known = newKey()
await storage.access.createKey(storedKey(known.id, { secretHash: secretHash(known.secret) }))

/** Another one each time, as whoever guesses would send. */
const guesses = {
  "unknown id": () => formatKey(newKey()),
  "unknown id of a known kind": () => formatKey({ id: newKey().id, secret: known.secret }),
  "wrong secret": () => formatKey({ id: known.id, secret: newKey().secret }),
}
type Guess = keyof typeof guesses

async function measure(deps: AuthenticateDeps): Promise<ReadonlyMap<Guess, readonly number[]>> {
  const names = Object.keys(guesses) as Guess[]
  const times = new Map(names.map((name) => [name, [] as number[]]))
  for (let round = 0; round < ROUNDS + WARM_UP; round++) {
    for (const name of names) {
      const header = `Bearer ${guesses[name]()}`
      const begun = process.hrtime.bigint()
      await authenticate(deps, header)
      const took = Number(process.hrtime.bigint() - begun)
      if (round >= WARM_UP) times.get(name)?.push(took)
    }
  }
  return times
}

/** Without the slowest hundredth: collections of garbage and other processes. */
function trimmed(times: readonly number[]): readonly number[] {
  return times.toSorted((a, b) => a - b).slice(0, Math.floor(times.length * 0.99))
}

function moments(times: readonly number[]) {
  const mean = times.reduce((sum, each) => sum + each, 0) / times.length
  const variance = times.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (times.length - 1)
  return { mean, error: variance / times.length, median: times[Math.floor(times.length / 2)] ?? 0 }
}

function print(title: string, times: ReadonlyMap<Guess, readonly number[]>): void {
  const base = moments(trimmed(times.get("wrong secret") ?? []))
  console.log(`\n${title}`)
  for (const [name, all] of times) {
    const { mean, error, median } = moments(trimmed(all))
    const t = name === "wrong secret" ? 0 : (mean - base.mean) / Math.sqrt(error + base.error)
    console.log(`  ${name.padEnd(28)} median ${median} ns, mean ${mean.toFixed(0)} ns, t ${t.toFixed(1)}`)
  }
}

const clock = { now: () => 1 }
const common = { hasHash, clock, superUsers: new Set<string>() }
const straight: AuthenticateDeps = { ...common, keys: storage.access, bindings: storage.access }
print("Each key looked up in SQLite", await measure(straight))
const memory = rememberedAccess(storage.access, { ttlMs: Number.POSITIVE_INFINITY, clock })
await authenticate({ ...common, keys: memory, bindings: memory }, `Bearer ${formatKey(known)}`)
print("Known keys remembered", await measure({ ...common, keys: memory, bindings: memory }))
storage.dispose()
