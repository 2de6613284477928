/** `npm run bench:coldstart`: what a function's bundle takes to load, beside the clients that it cannot do without. */
import { spawnSync } from "node:child_process"
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { bundle } from "../../infra/bundle.ts"
import { ENTRIES } from "../../infra/entries.ts"
import { bareBundle } from "./coldstart/bare-bundle.ts"
import { CLIENTS_OF, type ClientName, LOAD_BAR, SIZE_BAR, type Sizes, sizesOf } from "./coldstart/bars.ts"
import { median } from "./median.ts"

const RUNS = Number(process.env["RUNS"] ?? 15)

/** Milliseconds from before the import to behind it, in a process of its own. */
const PROBE = `const begun = performance.now(); await import(process.argv[1]); console.log(performance.now() - begun); process.exit()`

const env = {
  ...process.env,
  AWS_REGION: "us-east-1",
  STRATALOG_TABLE: "table",
  STRATALOG_BUCKET: "bucket",
  STRATALOG_VERSION: "0.0.0",
  STRATALOG_AUTH: "iam",
}

interface Module {
  readonly name: string
  readonly path: string
  readonly sizes: Sizes
}

const INDEX = /index\.mjs$/

function bare(folder: string, clients: readonly ClientName[], how: "plain" | "ours"): Module {
  const at = join(folder, `bare-${clients.join("-")}-${how}`)
  const sizes = sizesOf(bareBundle(clients, how, at), INDEX)
  const said = how === "plain" ? "one plain bundle" : "bundled as ours"
  return { name: `${clients.join(" and ")} alone, ${said}`, path: join(at, "index.mjs"), sizes }
}

function emptyModule(folder: string): Module {
  const at = join(folder, "empty")
  mkdirSync(at)
  writeFileSync(join(at, "index.mjs"), "export const handler = 1\n")
  return { name: "an empty module", path: join(at, "index.mjs"), sizes: { loaded: 25, all: 25 } }
}

function loadOnce(path: string): number {
  const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", PROBE, path], { env })
  const milliseconds = Number(stdout)
  if (!(milliseconds > 0)) throw new Error(String(stderr))
  return milliseconds
}

/** In turns, so that what else the machine does meets all alike. */
function loadTimes(modules: readonly Module[]): ReadonlyMap<Module, number> {
  const times = new Map(modules.map((module) => [module, [] as number[]]))
  for (let run = 0; run < RUNS; run++) for (const [module, taken] of times) taken.push(loadOnce(module.path))
  return new Map([...times].map(([module, taken]) => [module, median(taken)]))
}

const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(0)} KB`
const verdict = (ratio: number, bar: number) => `${ratio.toFixed(2)} ${ratio <= bar ? "pass" : "FAIL"}`

const folder = mkdtempSync(join(tmpdir(), "stratalog-coldstart-"))
try {
  const both = ["dynamodb", "s3"] as const
  const plain = new Map([
    ["dynamodb", bare(folder, ["dynamodb"], "plain")],
    ["dynamodb s3", bare(folder, both, "plain")],
  ])
  const alike = new Map([
    ["dynamodb", bare(folder, ["dynamodb"], "ours")],
    ["dynamodb s3", bare(folder, both, "ours")],
  ])
  const functions = ENTRIES.map((entry) => {
    const at = join(folder, entry)
    const sizes = sizesOf(bundle(entry, at), INDEX)
    return { entry, module: { name: `the function ${entry}`, path: join(at, "index.mjs"), sizes } }
  })
  const modules = [emptyModule(folder), ...plain.values(), ...alike.values(), ...functions.map(({ module }) => module)]
  const times = loadTimes(modules)
  console.log(`Module load, median of ${RUNS} processes; bytes that it reads; bytes of all JavaScript\n`)
  for (const module of modules) {
    const { name, sizes } = module
    const load = `${(times.get(module) ?? Number.NaN).toFixed(1)} ms`
    console.log(
      `${name.padEnd(42)} ${load.padStart(9)} ${kilobytes(sizes.loaded).padStart(8)} ${kilobytes(sizes.all).padStart(8)}`,
    )
  }
  console.log(`\nBeside the bare clients: size at most ${SIZE_BAR}, load at most ${LOAD_BAR} of one plain bundle\n`)
  console.log(`${"".padEnd(22)} ${"size".padEnd(12)} ${"load".padEnd(12)} beside those bundled as ours: size, load`)
  for (const { entry, module } of functions) {
    const clients = CLIENTS_OF[entry].join(" ")
    const ratios = [plain, alike].map((bares) => {
      const beside = bares.get(clients)
      if (beside === undefined) throw new Error(`no bare bundle of ${clients}`)
      const load = (times.get(module) ?? Number.NaN) / (times.get(beside) ?? Number.NaN)
      return { size: module.sizes.loaded / beside.sizes.loaded, load }
    })
    const [held, told] = ratios
    if (held === undefined || told === undefined) throw new Error("no ratios")
    const bars = `${verdict(held.size, SIZE_BAR).padEnd(12)} ${verdict(held.load, LOAD_BAR).padEnd(12)}`
    console.log(`${`the function ${entry}`.padEnd(22)} ${bars} ${told.size.toFixed(2)}, ${told.load.toFixed(2)}`)
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
