/** A conformance case: what it is called, what it covers, what it does. */
import type { ErrorCode, RouteId } from "stratalog/protocol"
import type { CaseContext } from "./context.ts"

export interface ConformanceCase {
  readonly name: string
  /** Routes that the case calls; the runner checks that it does. */
  readonly routes: readonly RouteId[]
  /** Errors that the case provokes; the runner checks that it does. */
  readonly errors: readonly ErrorCode[]
  run(context: CaseContext): Promise<void>
}

/** A case in one expression. */
export function conformanceCase(
  name: string,
  routes: readonly RouteId[],
  errors: readonly ErrorCode[],
  run: (context: CaseContext) => Promise<void>,
): ConformanceCase {
  return { name, routes, errors, run }
}
