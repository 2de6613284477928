/** The three front doors: how they choose a function, what event they make, and what they refuse by themselves. */

import type { GatewayEvent } from "../../../functions/lambda/events.ts"
import type { GatewayHandler } from "../../../functions/lambda/gateway-handler.ts"
import { ALLOWED_HEADERS, EXPOSED_HEADERS, PREFLIGHT_SECONDS } from "../../../infra/front-door/cors.ts"
import type { Concern } from "../../../infra/front-door/routes.ts"
import { decoded, functionUrlEvent, httpApiEvent, type Received, restEvent } from "./events.ts"
import { type Chosen, httpApiRoute, restApiRoute } from "./route.ts"

export interface Refused {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string
}

export interface Door {
  /** What the address has before the paths of the API. */
  readonly prefix: string
  /** What it answers without a function. */
  refuse(received: Received): Refused | undefined
  handler(received: Received): GatewayHandler
  event(received: Received): GatewayEvent
  /** Headers that it adds to a function's answer. */
  added(received: Received): Readonly<Record<string, string>>
}

export interface DoorOptions {
  /** Callers have to sign; whether they do it well is not looked at. */
  readonly signed?: boolean
  /** The ARN of who signs. */
  readonly signer?: string
  /** As the stack has been told. */
  readonly corsOrigins?: readonly string[]
  /** Of a domain that leads to more than this. */
  readonly basePath?: string
}

export type ByConcern = Readonly<Record<Concern, GatewayHandler>>

const STAGE = "live"

export const FORBIDDEN: Refused = { status: 403, body: '{"message":"Forbidden"}' }

const isSigned = ({ request }: Received) => /^AWS4-HMAC-SHA256 /.test(request.headers.authorization ?? "")

/** A role's session, of which AWS says no more. */
const SIGNER = "arn:aws:sts::123456789012:assumed-role/orders/session"

function signerAt(received: Received, { signed = false, signer = SIGNER }: DoorOptions): string | undefined {
  return signed && isSigned(received) ? signer : undefined
}

/** The route without a signature is there only for pages of other origins. */
function isForbidden(received: Received, { open }: Chosen, { signed = false, corsOrigins = [] }: DoorOptions): boolean {
  return signed && !isSigned(received) && !(open && corsOrigins.length > 0)
}

export function httpApi(handlers: ByConcern, options: DoorOptions = {}): Door {
  const route = ({ request, path }: Received) => httpApiRoute(request.method ?? "GET", decoded(path))
  return {
    prefix: options.basePath === undefined ? "" : `/${options.basePath}`,
    refuse: (received) => (isForbidden(received, route(received), options) ? FORBIDDEN : undefined),
    handler: (received) => handlers[route(received).to],
    event: (received) => httpApiEvent(received, route(received).parameters, signerAt(received, options)),
    added: () => ({}),
  }
}

export function restApi(handlers: ByConcern, options: DoorOptions = {}): Door {
  const { basePath } = options
  const route = ({ request, path }: Received) => restApiRoute(request.method ?? "GET", path)
  return {
    prefix: `/${basePath ?? STAGE}`,
    refuse: (received) => {
      const chosen = route(received)
      if (chosen === undefined) return { status: 403, body: '{"message":"Missing Authentication Token"}' }
      return isForbidden(received, chosen, options) ? FORBIDDEN : undefined
    },
    handler: (received) => handlers[route(received)?.to ?? "admin"],
    event: (received) => {
      const before = { stage: STAGE, ...(basePath !== undefined && { basePath }) }
      return restEvent(received, before, signerAt(received, options))
    },
    added: () => ({}),
  }
}

/** It answers preflights itself, and its headers come beside those of the function, the same ones too. */
export function functionUrl(handler: GatewayHandler, options: DoorOptions = {}): Door {
  const allowed = ({ request }: Received) =>
    options.corsOrigins?.find((origin) => origin === "*" || origin === request.headers.origin)
  return {
    prefix: "",
    refuse: (received) => {
      const origin = allowed(received)
      const { method, headers } = received.request
      if (origin !== undefined && method === "OPTIONS" && headers["access-control-request-method"] !== undefined) {
        return {
          status: 200,
          headers: {
            "access-control-allow-origin": origin,
            "access-control-allow-methods": "*",
            "access-control-allow-headers": ALLOWED_HEADERS.join(","),
            "access-control-max-age": `${PREFLIGHT_SECONDS}`,
          },
        }
      }
      return options.signed === true && !isSigned(received) ? FORBIDDEN : undefined
    },
    handler: () => handler,
    event: (received) => functionUrlEvent(received, signerAt(received, options)),
    added: (received) => {
      const origin = allowed(received)
      if (origin === undefined) return {}
      return { "access-control-allow-origin": origin, "access-control-expose-headers": EXPOSED_HEADERS.join(",") }
    },
  }
}

export type DoorKind = "http-api" | "function-url" | "rest-api"

/** One function behind it serves everything. */
export function doorOf(kind: DoorKind, handler: GatewayHandler, options: DoorOptions = {}): Door {
  if (kind === "function-url") return functionUrl(handler, options)
  const all = { produce: handler, fetch: handler, poll: handler, admin: handler }
  return kind === "http-api" ? httpApi(all, options) : restApi(all, options)
}
