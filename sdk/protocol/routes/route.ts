/** What a route is: one description that gives validation, types, the OpenAPI document and the reference. */
import * as z from "zod/mini"
import type { ErrorCode } from "../errors.ts"

export const JSON_TYPE = "application/json"
export const PROBLEM_TYPE = "application/problem+json"
/** One or more Kafka RecordBatch v2, one after another. */
export const BATCH_TYPE = "application/vnd.kafka.record-batch"
/**
 * A poll's answer with whole batches: the length of its head (four bytes, big-endian), the head (JSON in UTF-8, the schema
 * `polledHead`), then the bytes of the batches, in the order of `batches` in the head.
 */
export const POLL_TYPE = "application/vnd.stratalog.poll"
export const EVENT_STREAM_TYPE = "text/event-stream"

export type Method = "GET" | "PUT" | "POST" | "PATCH" | "DELETE"

export interface RouteResponse {
  readonly description: string
  /** The schema of a JSON answer. */
  readonly json?: z.ZodMiniType
  /** Other media types in which the answer can be had. */
  readonly alsoAs?: readonly string[]
  readonly headers?: Readonly<Record<string, string>>
}

export interface RouteBody {
  readonly json: z.ZodMiniType
  /** The route takes a binary record batch too. */
  readonly batch?: true
  /** An absent body is an empty object. */
  readonly optional?: true
}

/** As Kafka's operations and resources: `write topic` is Write on each topic that the request names. */
export type Permission = `${Lowercase<string>} ${"topic" | "group" | "cluster"}`

/**
 * Who may send a request where access is controlled: anybody (`open`), anybody with a key or a signature (`known`), or who has all
 * of these permissions that the request touches.
 */
export type RouteAccess = "open" | "known" | readonly Permission[]

export interface Route {
  readonly id: string
  readonly method: Method
  /** With `{name}` for parameters. */
  readonly path: string
  readonly tag: "Topics" | "Records" | "Groups" | "Producers" | "Access" | "Service"
  readonly access: RouteAccess
  /** A call that somebody may have to account for: these parameters and fields of its body are logged, with its caller. No secrets. */
  readonly audit?: readonly string[]
  readonly summary: string
  readonly description: string
  readonly params: z.ZodMiniObject
  readonly query: z.ZodMiniObject
  /** Request headers that mean something here, with what. */
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: RouteBody
  readonly responses: Readonly<Record<number, RouteResponse>>
  /** The errors of this route beside those that any route may answer. */
  readonly errors: readonly ErrorCode[]
}

/** Errors that any route may answer. */
export const commonErrors = [
  "invalid_request",
  "not_acceptable",
  "request_timeout",
  "headers_too_large",
  "too_many_requests",
  "internal_error",
  "unavailable",
] as const satisfies readonly ErrorCode[]

/** Errors of routes that ask who calls. */
export const accessErrors = ["unauthenticated", "not_authorized"] as const satisfies readonly ErrorCode[]

/** Errors of routes that take a body. */
export const bodyErrors = [
  "malformed_body",
  "body_too_large",
  "unsupported_media_type",
  "unsupported_encoding",
] as const satisfies readonly ErrorCode[]

/** Errors of routes that write. */
export const writeErrors = ["storage_full", "outcome_unknown"] as const satisfies readonly ErrorCode[]

export const none = z.strictObject({})

/** Fixes a route's literal types, so that handlers and the client know its schemas. */
export function route<const R extends Route>(definition: R): R {
  return definition
}
