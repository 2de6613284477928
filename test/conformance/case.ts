/** A conformance case: what it is called, what it covers, what it does. */
import type { ErrorCode, Limits, RouteId, Whoami } from "stratalog/protocol"
import type { CaseContext } from "./context.ts"

/** What deployments differ in. */
export interface Deployment {
  readonly limits: Limits
  /** A gateway stands in front: it answers some requests itself, and there is no process to tell about. */
  readonly gateway: boolean
  /** How it knows the suite. */
  readonly access: Whoami["access"]
}

export interface ConformanceCase {
  readonly name: string
  /** Routes that the case calls; the runner checks that it does. */
  readonly routes: readonly RouteId[]
  /** Errors that the case provokes; the runner checks that it does. */
  readonly errors: readonly ErrorCode[]
  /** Why the case says nothing about this deployment; undefined where it does. */
  readonly unless?: (deployment: Deployment) => string | undefined
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

/** The same for deployments of one kind only. */
export function only(unless: NonNullable<ConformanceCase["unless"]>, each: ConformanceCase): ConformanceCase {
  return { ...each, unless }
}

export const withoutGateway: NonNullable<ConformanceCase["unless"]> = ({ gateway }) =>
  gateway ? "the gateway answers this itself" : undefined

export const withGateway: NonNullable<ConformanceCase["unless"]> = ({ gateway }) =>
  gateway ? undefined : "there is no gateway"

export const withoutAccess: NonNullable<ConformanceCase["unless"]> = ({ access }) =>
  access === "off" ? undefined : "it controls access"

export const withKeys: NonNullable<ConformanceCase["unless"]> = ({ access }) =>
  access === "key" ? undefined : "it asks for no API keys"
