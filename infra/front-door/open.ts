/** Where requests come in. */
import type { Grant, IGrantable } from "aws-cdk-lib/aws-iam"
import type { Function as LambdaFn } from "aws-cdk-lib/aws-lambda"
import { Construct } from "constructs"
import { isSigned } from "../access.ts"
import { openFunctionUrl } from "./function-url.ts"
import { openHttpApi } from "./http-api.ts"
import type { DoorMetrics } from "./metrics.ts"
import { openRestApi } from "./rest-api.ts"
import type { Concern } from "./routes.ts"
import { checkFrontDoor, type FrontDoorSettings } from "./settings.ts"

export type { FrontDoorSettings } from "./settings.ts"

/** The functions behind it: one for each concern, with a role of its own, or one for all. */
export type Handlers = HandlersByConcern | { readonly kind: "combined"; readonly api: LambdaFn }

export type HandlersByConcern = { readonly kind: "by-concern" } & Readonly<Record<Concern, LambdaFn>>

export interface FrontDoor {
  /** It ends in a slash. */
  readonly url: string
  /** Where callers send keys, if that is another address. It ends in a slash. */
  readonly keyUrl?: string
  /** What a domain of one's own is to be pointed to (CNAME or alias); absent without a domain. */
  readonly domainTarget?: string
  readonly metrics: DoorMetrics
  /** Of the address for keys, if that is another one. */
  readonly keyMetrics?: DoorMetrics
  /**
   * Lets somebody call who signs: everything, or what `calls` names, such as `GET/v1/topics/*`. Throws where the door cannot
   * tell calls apart.
   */
  grantCalls(grantee: IGrantable, calls?: readonly string[]): Grant
}

export interface FrontDoorProps extends FrontDoorSettings {
  readonly throwAway?: boolean | undefined
}

/** One of API Gateway's APIs in front of the functions. */
export interface DoorProps extends FrontDoorProps {
  readonly name: string
  /** Nobody comes through without a signature. */
  readonly signed: boolean
}

/** What the front door of these settings leads to. */
export function handlersOf({ frontDoor }: FrontDoorSettings): Handlers["kind"] {
  return frontDoor === "function-url" ? "combined" : "by-concern"
}

/** `handlers` of the kind that `handlersOf` says. Throws with a sentence where settings do not go together. */
export function openFrontDoor(scope: Construct, handlers: Handlers, settings: FrontDoorProps): FrontDoor {
  checkFrontDoor(settings)
  if (handlers.kind === "combined") return openFunctionUrl(handlers.api, settings)
  // These tell by themselves who may call. Each function does, as each may be the one that answers.
  for (const handler of [handlers.produce, handlers.fetch, handlers.poll, handlers.admin]) tell(handler, settings)
  const open = settings.frontDoor === "rest-api" ? openRestApi : openHttpApi
  const door = open(scope, handlers, { ...settings, name: "Stratalog", signed: isSigned(settings) })
  if (settings.auth !== "both") return door
  // An API asks for signatures by its routes: whoever sends a key instead needs another one.
  const { url: keyUrl, metrics: keyMetrics } = open(new Construct(scope, "KeyDoor"), handlers, {
    ...withoutDomain(settings),
    name: "Stratalog keys",
    signed: false,
  })
  return { ...door, keyUrl, keyMetrics }
}

function withoutDomain(settings: FrontDoorProps): FrontDoorProps {
  const { domainName, certificateArn, basePath, hostedZoneId, hostedZoneName, ...others } = settings
  return others
}

/** Why nobody has to sign at a door: what cdk-nag is told. */
export function whyUnsigned({ auth }: FrontDoorSettings): string {
  return auth === "none"
    ? "The deployment asks for it: auth is none."
    : "The functions ask every caller for an API key and check it; API Gateway knows none of them."
}

function tell(handler: LambdaFn, { corsOrigins = [], basePath }: FrontDoorSettings): void {
  if (corsOrigins.length > 0) handler.addEnvironment("STRATALOG_CORS_ORIGINS", corsOrigins.join(","))
  if (basePath !== undefined) handler.addEnvironment("STRATALOG_BASE_PATH", basePath)
}
