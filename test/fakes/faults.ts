/** Faults for fakes of storage: what a network and a service on its other side can do to one request. */
import type { Unavailable } from "../../functions/log/ports.ts"

export type Fault =
  /** It takes effect and answers, once `after` has resolved. */
  | { readonly kind: "answer"; readonly after?: Promise<void> }
  /** It takes effect, and its answer is lost. */
  | { readonly kind: "lose_answer" }
  /** It never arrives, and the caller cannot know. */
  | { readonly kind: "lose_request" }
  /** The caller gives up now and cannot know; it takes effect whenever `land` is called, at most once. */
  | { readonly kind: "land_late"; readonly held: (land: () => void) => void }
  /** It is refused before it did anything, and the caller knows. */
  | { readonly kind: "throttle" }

/** Asked before each request takes effect, which waits for the promise; absent or undefined: no fault. */
export type Interceptor<Operation> = (operation: Operation) => Fault | undefined | Promise<Fault | undefined>

/** A call of one of a port's methods. */
export type OperationOf<Port> = {
  [Name in keyof Port]: Port[Name] extends (...args: infer Args) => unknown
    ? { readonly name: Name; readonly args: Args }
    : never
}[keyof Port]

/** Counts the requests by kind and does to each what the interceptor says. */
export class FaultyRequests<Operation extends { readonly name: string }> {
  readonly counts = new Map<Operation["name"], number>()
  interceptor: Interceptor<Operation> | undefined
  readonly #isRead: (name: Operation["name"]) => boolean

  constructor(isRead: (name: Operation["name"]) => boolean, interceptor: Interceptor<Operation> | undefined) {
    this.#isRead = isRead
    this.interceptor = interceptor
  }

  count(name: Operation["name"]): number {
    return this.counts.get(name) ?? 0
  }

  total(): number {
    return [...this.counts.values()].reduce((sum, count) => sum + count, 0)
  }

  async run<Outcome>(operation: Operation, effect: () => Outcome): Promise<Outcome | Unavailable> {
    this.counts.set(operation.name, this.count(operation.name) + 1)
    const fault = await this.interceptor?.(operation)
    const lost: Unavailable = {
      kind: "unavailable",
      reason: "storage_failed",
      sideEffects: this.#isRead(operation.name) ? "none" : "unknown",
      detail: `the answer to ${operation.name} was lost`,
    }
    switch (fault?.kind) {
      case undefined:
        return effect()
      case "answer": {
        const outcome = effect()
        await fault.after
        return outcome
      }
      case "lose_answer":
        effect()
        return lost
      case "lose_request":
        return lost
      case "land_late":
        fault.held(once(effect))
        return lost
      case "throttle":
        return { ...lost, reason: "throttled", sideEffects: "none", detail: `${operation.name} was throttled` }
    }
  }
}

function once(effect: () => unknown): () => void {
  let landed = false
  return () => {
    if (landed) return
    landed = true
    effect()
  }
}
