/** The OpenAPI 3.1 document of the API, from the table of routes. */
import {
  committedOffsets,
  fetched,
  fetchedRecord,
  groupLag,
  limitsSchema,
  problemSchema,
  produced,
  type Route,
  recordInput,
  topic,
  topicConfigPatchSchema,
  topicConfigSchema,
} from "stratalog/protocol"
import * as z from "zod/mini"
import { createDocument, type ZodOpenApiOverride, type ZodOpenApiPathsObject } from "zod-openapi"
import { examples } from "./examples.ts"
import { operation } from "./operation.ts"

export type OpenApiDocument = ReturnType<typeof createDocument>

/** `asked`: whether callers are asked who they are; absent: where it is read, that may be one way or the other. */
export function openApiDocument(routes: readonly Route[], version: string, asked?: boolean): OpenApiDocument {
  const paths: ZodOpenApiPathsObject = {}
  for (const route of inReadingOrder(routes)) {
    paths[route.path] = { ...paths[route.path], [route.method.toLowerCase()]: operation(route) }
  }
  return createDocument(
    {
      openapi: "3.1.1",
      info: { title: "Stratalog", version, summary, description, license },
      servers: [{ url: ".", description: "The server that this document comes from, below the same path" }],
      tags,
      paths,
      components: { schemas, securitySchemes },
      security: securityOf(asked),
    },
    { override },
  )
}

function securityOf(asked: boolean | undefined) {
  if (asked === undefined) return [{}, { key: [] }]
  return asked ? [{ key: [] }] : []
}

/** As the examples tell their story: what is created first comes first. */
function inReadingOrder(routes: readonly Route[]): readonly Route[] {
  const order = Object.keys(examples)
  const place = ({ id }: Route) => (order.includes(id) ? order.indexOf(id) : order.length)
  return routes.toSorted((a, b) => place(a) - place(b))
}

const summary = "An event log over HTTP: topics, ordered partitions, offsets, replay, consumer groups"

const description = `Records are appended to the partitions of topics and fetched from any offset.

Errors are problem+json (RFC 9457): \`code\` says what happened, \`retryable\` whether the same request may succeed later, \
\`sideEffects\` whether a write may have taken effect. All codes: [docs/errors](docs/errors).

Timestamps are epoch milliseconds, sizes bytes; durations in queries are \`10s\`, \`500ms\` or milliseconds. \
Send \`X-Request-Id\` to find a request again in the server's log.`

const license = { name: "Apache-2.0", identifier: "Apache-2.0" }

const tags = [
  { name: "Topics", description: "Create, describe, change and delete topics; find offsets" },
  { name: "Records", description: "Produce, fetch, and delete records; fence writers" },
  { name: "Groups", description: "Consume in groups: members and what they read, committed offsets, lag" },
  { name: "Producers", description: "Ids for idempotent producers" },
  { name: "Access", description: "Who may do what: API keys and access control lists" },
  { name: "Service", description: "Limits and health" },
]

/** Asked for where access is controlled: always when deployed, on a server with `--auth required`. */
const securitySchemes = {
  key: { type: "http", scheme: "bearer", description: "An API key, `stk_...`, where access is controlled" },
} as const

/** Schemas that have a name of their own in the document. */
const schemas = {
  Problem: problemSchema,
  Topic: topic,
  TopicConfig: topicConfigSchema,
  TopicConfigPatch: topicConfigPatchSchema,
  RecordInput: recordInput,
  Record: fetchedRecord,
  Fetched: fetched,
  Produced: produced,
  CommittedOffsets: committedOffsets,
  GroupLag: groupLag,
  Limits: limitsSchema,
}

/**
 * Answers may get more fields in time: clients must not take that for an error. A number in a path or query is text on
 * the way, and a number of its range for who reads the document.
 */
const override: ZodOpenApiOverride = ({ jsonSchema, zodSchema, io }) => {
  const { def } = zodSchema._zod
  if (def.type === "pipe" && def.out instanceof z.core.$ZodNumber) {
    delete jsonSchema.pattern
    const { minimum = 0, maximum } = z.toJSONSchema(def.out)
    Object.assign(jsonSchema, { type: "integer", minimum, maximum })
  }
  if (io === "output" && def.type === "object" && def.catchall === undefined) {
    delete jsonSchema.additionalProperties
  }
}
