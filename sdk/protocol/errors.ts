/**
 * Every error of the HTTP API. The table decides status, whether the same request may be sent again, and whether
 * something may have happened; messages are for people.
 */

/** `none`: nothing happened and nothing will. `unknown`: the write may or may not have taken effect. */
export type SideEffects = "none" | "unknown"

export interface ErrorKind {
  readonly status: number
  readonly title: string
  /** The same request, sent again later, may succeed. */
  readonly retryable: boolean
  readonly sideEffects: SideEffects
  /** What it means and what to do, for the reference. */
  readonly help: string
}

const kind = (
  status: number,
  title: string,
  retryable: boolean,
  sideEffects: SideEffects,
  help: string,
): ErrorKind => ({ status, title, retryable, sideEffects, help })

export const errorKinds = {
  invalid_request: kind(
    400,
    "Invalid request",
    false,
    "none",
    "A parameter or field is missing, of the wrong type, out of its range or unknown; `errors` lists each with its place.",
  ),
  malformed_body: kind(
    400,
    "Malformed body",
    false,
    "none",
    "The body is not valid JSON, not valid in its content encoding, or nested deeper than `/v1/limits` allows.",
  ),
  corrupt_batch: kind(
    400,
    "Corrupt record batch",
    false,
    "none",
    "The record batch is cut short, its CRC-32C does not match or its records cannot be decoded. Kafka: CORRUPT_MESSAGE.",
  ),
  invalid_batch: kind(
    400,
    "Invalid record batch",
    false,
    "none",
    "The record batch is whole but breaks a rule: one batch a request, dense offsets, no control or transactional batch, keys on compacted topics. Kafka: INVALID_RECORD.",
  ),
  unauthenticated: kind(
    401,
    "Not authenticated",
    false,
    "none",
    "The request carries no API key, or one that is unknown, revoked or expired. Send `Authorization: Bearer` with a key; `strata key create` makes one. Kafka: SASL_AUTHENTICATION_FAILED.",
  ),
  not_authorized: kind(
    403,
    "Not allowed",
    false,
    "none",
    "The caller (`principal`) is known and may not do this; `denied` lists what it lacks, whether or not there is such a thing. Ask whoever administers the log for it: `strata acl add`. Kafka: TOPIC_AUTHORIZATION_FAILED, GROUP_AUTHORIZATION_FAILED, CLUSTER_AUTHORIZATION_FAILED.",
  ),
  topic_not_found: kind(404, "Topic not found", false, "none", "Create the topic first: PUT /v1/topics/{topic}."),
  partition_not_found: kind(
    404,
    "Partition not found",
    false,
    "none",
    "The topic has fewer partitions; they are numbered from 0.",
  ),
  group_not_found: kind(404, "Group not found", false, "none", "The group has no member and no committed offset."),
  member_not_found: kind(
    404,
    "Member not found",
    false,
    "none",
    "The group does not know this member: it never joined, it left, or it was silent for longer than its session timeout and its partitions went to others. Drop what it read and join again with memberEpoch 0. Kafka: UNKNOWN_MEMBER_ID.",
  ),
  producer_not_found: kind(
    404,
    "Producer not found",
    false,
    "none",
    "Ask for a new producer id: POST /v1/producers with an empty object.",
  ),
  key_not_found: kind(404, "Key not found", false, "none", "It was revoked, or never there: GET /v1/keys lists all."),
  route_not_found: kind(404, "No such route", false, "none", "See /openapi.json or /docs for what there is."),
  method_not_allowed: kind(
    405,
    "Method not allowed",
    false,
    "none",
    "The path exists; the `Allow` header lists its methods.",
  ),
  not_acceptable: kind(
    406,
    "Not acceptable",
    false,
    "none",
    "Ask for application/json; records can also be had as application/vnd.kafka.record-batch or text/event-stream, and a poll as application/vnd.stratalog.poll.",
  ),
  request_timeout: kind(408, "Request timeout", true, "none", "The request did not arrive whole in time."),
  topic_conflict: kind(
    409,
    "Topic exists with other settings",
    false,
    "none",
    "PUT creates; use PATCH to change a topic that exists.",
  ),
  concurrent_change: kind(
    409,
    "Changed by somebody else",
    true,
    "none",
    "Another request changed the same thing at the same moment; look at its state and try again.",
  ),
  sequence_gap: kind(
    409,
    "Sequence gap",
    false,
    "none",
    "The log waits for sequence `expected` of this producer: an earlier batch is missing. Kafka: OUT_OF_ORDER_SEQUENCE_NUMBER.",
  ),
  producer_fenced: kind(
    409,
    "Producer fenced",
    false,
    "none",
    "A newer epoch of this producer id has written or was given out. Kafka: INVALID_PRODUCER_EPOCH.",
  ),
  member_fenced: kind(
    409,
    "Member fenced",
    false,
    "none",
    "The partition has another owner by now, or the member's epoch is not the present one: nothing was committed. Drop what was read and go on with the assignment of the next heartbeat or poll. Kafka: FENCED_MEMBER_EPOCH.",
  ),
  group_not_empty: kind(
    409,
    "Group has members",
    false,
    "none",
    "Only a group without members can be reset, deleted or committed to from outside: stop its consumers first, or wait until their session timeout is over. Kafka: NON_EMPTY_GROUP.",
  ),
  group_full: kind(
    409,
    "Group is full",
    false,
    "none",
    "The group has as many members as `/v1/limits` allows, or reads more partitions than fit. Kafka: GROUP_MAX_SIZE_REACHED.",
  ),
  no_committed_offset: kind(
    409,
    "No committed offset",
    false,
    "none",
    "autoOffsetReset is none, and a partition has no committed offset, or one that is not there any more. Reset the group's offsets, or say earliest or latest.",
  ),
  offset_regression: kind(
    409,
    "Committed offset would go back",
    false,
    "none",
    "A commit only moves forward; `results` has the committed offset of each partition.",
  ),
  access_control_off: kind(
    409,
    "Access is not controlled",
    false,
    "none",
    "The service asks nobody who they are, and everybody may do everything. It keeps no keys and lists then: somebody could make themselves a super-user before it is locked. Start the server with `--auth required`, or deploy with `-c auth=key`.",
  ),
  last_super_key: kind(
    409,
    "Last key of a super-user",
    false,
    "none",
    "Without it nobody could manage access any more. Create another key of a super-user first, one that does not expire, then revoke this one with that.",
  ),
  acls_full: kind(
    409,
    "Too many access control lists",
    false,
    "none",
    "Nothing was added: `maxAcls` are the most there can be. Remove some, or say more by prefixes and *.",
  ),
  offset_below_log_start: kind(
    410,
    "Offset below the log start",
    false,
    "none",
    "Retention or delete-records removed it; `logStartOffset` is the first that can be read.",
  ),
  match_failed: kind(
    412,
    "Match failed",
    false,
    "none",
    "`matchOffset` is not the next offset; `nextOffset` is. Read what came in between and decide again.",
  ),
  fence_failed: kind(
    412,
    "Fencing token differs",
    false,
    "none",
    "The partition's fencing token is `fencingToken`: another writer took over.",
  ),
  body_too_large: kind(
    413,
    "Body too large",
    false,
    "none",
    "The request is larger than `/v1/limits` allows: send several smaller ones.",
  ),
  batch_too_large: kind(
    413,
    "Record batch too large",
    false,
    "none",
    "The encoded batch is larger than the topic's max.message.bytes: send fewer records at once, or raise it. Kafka: MESSAGE_TOO_LARGE.",
  ),
  unsupported_media_type: kind(
    415,
    "Unsupported media type",
    false,
    "none",
    "Send application/json or, where the route takes it, application/vnd.kafka.record-batch.",
  ),
  unsupported_encoding: kind(
    415,
    "Unsupported content encoding",
    false,
    "none",
    "Bodies may be identity, gzip or zstd.",
  ),
  offset_beyond_end: kind(
    416,
    "Offset beyond the end",
    false,
    "none",
    "`highWatermark` is the next offset to be written.",
  ),
  invalid_config: kind(
    422,
    "Invalid topic configuration",
    false,
    "none",
    "The values are well formed but cannot be applied, such as fewer partitions than the topic has.",
  ),
  too_many_requests: kind(429, "Too many requests", true, "none", "Wait as long as `Retry-After` says."),
  headers_too_large: kind(431, "Headers too large", false, "none", "Send fewer or shorter headers."),
  internal_error: kind(500, "Internal error", false, "unknown", "A defect of the server; its log has the request id."),
  corrupt_log: kind(
    500,
    "Stored data is corrupt",
    false,
    "none",
    "Stored bytes are not what was written; `detail` names the file and the position.",
  ),
  storage_full: kind(
    503,
    "Storage is full",
    true,
    "none",
    "Nothing was written. Make room; the log goes on by itself.",
  ),
  unavailable: kind(503, "Not available", true, "none", "Nothing happened; try again after `Retry-After`."),
  outcome_unknown: kind(
    503,
    "Outcome unknown",
    true,
    "unknown",
    "The write may or may not have taken effect. With a producer id and sequence, sending it again is safe.",
  ),
} as const satisfies Record<string, ErrorKind>

export type ErrorCode = keyof typeof errorKinds

export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorKinds, code)
}

/** A field or parameter that was refused: where (`records[3].key`), and what to do. */
export interface FieldError {
  readonly path: string
  readonly message: string
}

/** The body of an error answer: RFC 9457, with the table's facts and what else helps, such as `nextOffset`. */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code: ErrorCode
  readonly retryable: boolean
  readonly sideEffects: SideEffects
  readonly [extension: string]: unknown
}

/** The body that says `code`, with `detail` as its sentence and `extensions` beside the table's fields. */
export function problem(code: ErrorCode, detail: string, extensions?: Readonly<Record<string, unknown>>): Problem {
  const { status, title, retryable, sideEffects } = errorKinds[code]
  return { type: `/docs/errors#${code}`, title, status, detail, code, retryable, sideEffects, ...extensions }
}
