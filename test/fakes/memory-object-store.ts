/** An `ObjectStore` in memory, with a network in front of it that fails as told. */
import type { Unavailable } from "../../functions/log/ports.ts"
import type {
  GetObjectOutcome,
  ListObjectsOutcome,
  ObjectStore,
  PutObjectOutcome,
  RemoveObjectsOutcome,
  StoredObject,
} from "../../functions/segments/ports.ts"

type Call = keyof ObjectStore

export interface ObjectRequest {
  readonly call: Call
  /** Of a list, its prefix. */
  readonly keys: readonly string[]
}

export type ObjectFault =
  /** The request takes effect and its answer is lost. */
  | { readonly kind: "lose_answer" }
  /** No effect, and the caller can tell. */
  | { readonly kind: "fail"; readonly reason?: Unavailable["reason"] }
  /** The answer is lost at once; the request takes effect when `until` resolves. */
  | { readonly kind: "late"; readonly until: Promise<unknown> }
  /** The request waits, then goes on. */
  | { readonly kind: "delay"; readonly until: Promise<unknown> }
  /** A get answers with one bit turned: of the byte at `position`, or in the middle. */
  | { readonly kind: "corrupt"; readonly position?: number }
  /** A get answers with this many bytes at most. */
  | { readonly kind: "truncate"; readonly bytes: number }
  /** A get finds nothing, though the object is there. */
  | { readonly kind: "hide" }

interface Kept {
  readonly bytes: Uint8Array
  readonly storedAt: number
}

export class MemoryObjectStore implements ObjectStore {
  /** Requests that arrived, by call, those that faults struck included. */
  readonly requests: Record<Call, number> = { put: 0, get: 0, remove: 0, list: 0 }
  /** How often each fault struck. */
  readonly struck: Partial<Record<ObjectFault["kind"], number>> = {}
  readonly #objects = new Map<string, Kept>()
  readonly #now: () => number
  #choose: (request: ObjectRequest) => ObjectFault | undefined = () => undefined

  /** `now`: the storage's clock, epoch milliseconds; it stands still by default. */
  constructor(now: () => number = () => 1_763_600_000_000) {
    this.#now = now
  }

  /** Decides the fault of each request from now on. */
  inject(choose: (request: ObjectRequest) => ObjectFault | undefined): void {
    this.#choose = choose
  }

  /** What is stored, ascending. */
  keys(): readonly string[] {
    return [...this.#objects.keys()].sort()
  }

  put(key: string, parts: readonly Uint8Array[]): Promise<PutObjectOutcome> {
    // Bytes leave the caller when it calls: what it does with them afterwards is not stored.
    const bytes = Buffer.concat(parts)
    return this.#meet({ call: "put", keys: [key] }, () => {
      this.#objects.set(key, { bytes, storedAt: this.#now() })
      return { kind: "stored" }
    })
  }

  get(...[key, range]: Parameters<ObjectStore["get"]>): Promise<GetObjectOutcome> {
    return this.#meet<GetObjectOutcome>({ call: "get", keys: [key] }, (fault) => {
      const kept = this.#objects.get(key)
      if (kept === undefined || fault?.kind === "hide") return { kind: "missing" }
      const bytes = new Uint8Array(range === undefined ? kept.bytes : kept.bytes.subarray(range.start, range.end))
      return { kind: "object", bytes: damaged(bytes, fault) }
    })
  }

  remove(keys: readonly string[]): Promise<RemoveObjectsOutcome> {
    if (keys.length > 1000) throw new RangeError(`${keys.length} keys in one call, 1000 at most`)
    return this.#meet({ call: "remove", keys }, () => {
      for (const key of keys) this.#objects.delete(key)
      return { kind: "removed" }
    })
  }

  list({ prefix, after, limit }: Parameters<ObjectStore["list"]>[0]): Promise<ListObjectsOutcome> {
    return this.#meet<ListObjectsOutcome>({ call: "list", keys: [prefix] }, () => {
      const keys = this.keys().filter((key) => key.startsWith(prefix) && (after === undefined || key > after))
      const objects = keys.slice(0, limit).map((key) => this.#stored(key))
      const last = objects.at(-1)
      return { kind: "page", objects, ...(keys.length > limit && last !== undefined ? { next: last.key } : {}) }
    })
  }

  #stored(key: string): StoredObject {
    const kept = this.#objects.get(key)
    if (kept === undefined) throw new Error(`${key} is not there`)
    return { key, size: kept.bytes.length, storedAt: kept.storedAt }
  }

  async #meet<Outcome>(
    request: ObjectRequest,
    work: (fault: ObjectFault | undefined) => Outcome,
  ): Promise<Outcome | Unavailable> {
    this.requests[request.call] += 1
    const fault = this.#choose(request)
    if (fault !== undefined) this.struck[fault.kind] = (this.struck[fault.kind] ?? 0) + 1
    switch (fault?.kind) {
      case "fail":
        return injected("none", fault.reason)
      case "late":
        void fault.until.then(() => work(fault))
        return injected("unknown")
      case "lose_answer":
        work(fault)
        return injected("unknown")
      case "delay":
        await fault.until
    }
    return work(fault)
  }
}

function injected(
  sideEffects: Unavailable["sideEffects"],
  reason: Unavailable["reason"] = "storage_failed",
): Unavailable {
  return { kind: "unavailable", reason, sideEffects, detail: "injected" }
}

function damaged(bytes: Uint8Array, fault: ObjectFault | undefined): Uint8Array {
  if (fault?.kind === "truncate") return bytes.subarray(0, fault.bytes)
  if (fault?.kind !== "corrupt") return bytes
  const position = fault.position ?? bytes.length >> 1
  bytes[position] = (bytes[position] ?? 0) ^ 1
  return bytes
}
