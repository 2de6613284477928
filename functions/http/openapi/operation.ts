/** One route as an OpenAPI operation. */
import {
  BATCH_TYPE,
  EVENT_STREAM_TYPE,
  JSON_TYPE,
  POLL_TYPE,
  type Route,
  type RouteAccess,
  type RouteBody,
  type RouteResponse,
} from "stratalog/protocol"
import * as z from "zod/mini"
import type {
  ZodOpenApiContentObject,
  ZodOpenApiOperationObject,
  ZodOpenApiRequestBodyObject,
  ZodOpenApiResponseObject,
} from "zod-openapi"
import { errorResponses } from "./errors.ts"
import { type Example, examples } from "./examples.ts"

export function operation(route: Route): ZodOpenApiOperationObject {
  const example = examples[route.id]
  return {
    operationId: route.id,
    tags: [route.tag],
    summary: route.summary,
    description: `${route.description}\n\n${accessText(route.access)}`,
    ...(route.access === "open" && { security: [] }),
    requestParams: {
      path: withExamples(route.params, example?.params),
      query: withExamples(route.query, example?.query),
      ...(route.headers && { header: requestHeaders(route.headers) }),
    },
    ...(route.body && { requestBody: requestBody(route.body, example) }),
    responses: { ...successes(route, example), ...errorResponses(route) },
  }
}

/** Who may send it where access is controlled. */
function accessText(access: RouteAccess): string {
  if (access === "open") return "Needs no API key."
  if (access === "known") return "Needs any valid API key."
  return `Needs the permission ${access.map((permission) => `\`${permission}\``).join(" and ")}.`
}

/** Values that `try it` can begin with. */
function withExamples(fields: z.ZodMiniObject, values: Readonly<Record<string, string>> = {}): z.ZodMiniObject {
  const shape = Object.entries(fields.shape).map(([name, schema]) => {
    const example = values[name]
    if (example === undefined) return [name, schema]
    const value = /^\d+$/.test(example) ? Number(example) : example
    const copy = z.clone(schema)
    z.globalRegistry.add(copy, { param: { example: value } })
    return [name, copy]
  })
  return z.strictObject(Object.fromEntries(shape))
}

function requestHeaders(headers: Readonly<Record<string, string>>): z.ZodMiniObject {
  const fields = Object.entries(headers).map(([name, meaning]) => {
    return [name, z.optional(z.string()).register(z.globalRegistry, { description: meaning })]
  })
  return z.object(Object.fromEntries(fields))
}

function requestBody({ json, batch, optional }: RouteBody, example: Example | undefined): ZodOpenApiRequestBodyObject {
  const sent = example?.body === undefined ? {} : { example: example.body }
  return {
    required: optional !== true,
    content: { [JSON_TYPE]: { schema: json, ...sent }, ...(batch && { [BATCH_TYPE]: binary }) },
  }
}

function successes(route: Route, example: Example | undefined): Record<`${2 | 3}${string}`, ZodOpenApiResponseObject> {
  const described = Object.entries(route.responses).map(([status, response]) => {
    return [status, success(response, Number(status) === example?.status ? example.answer : undefined)]
  })
  return Object.fromEntries(described)
}

function success({ description, json, alsoAs = [], headers = {} }: RouteResponse, example: unknown) {
  const content: ZodOpenApiContentObject = {
    ...(json && { [JSON_TYPE]: { schema: json, ...(example !== undefined && { example }) } }),
    ...Object.fromEntries(alsoAs.map((type) => [type, otherwise[type] ?? binary])),
  }
  const described = Object.entries({ ...headers, "X-Request-Id": "Names this request in the server's log" })
  return {
    description,
    headers: Object.fromEntries(described.map(([name, meaning]) => [name, { description: meaning, schema: text }])),
    ...(Object.keys(content).length > 0 && { content }),
  }
}

const text = { type: "string" } as const

/** OpenAPI 3.1 says binary by the media type alone (4.8.14.2). */
const binary = { schema: { description: "Kafka RecordBatch v2, one after another" } }

/** A head, then batches. */
const polls = {
  schema: {
    description:
      "The length of the head (four bytes, big-endian), the head as JSON, then Kafka RecordBatch v2, partition by " +
      "partition in the order of the head's `batches`, each of which says its `bytes`",
  },
}

const events = {
  schema: {
    type: "string" as const,
    description:
      "Server-sent events. `records`: what the JSON answer holds, with the next offset as the event's id. " +
      "`error`: a problem; the stream ends.",
  },
}

/** Media types of answers that are neither JSON nor batches alone. */
const otherwise: Readonly<Record<string, typeof binary>> = { [EVENT_STREAM_TYPE]: events, [POLL_TYPE]: polls }
