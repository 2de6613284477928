import type { ClientErrorCode } from "../client/errors.ts"
import { type ErrorCode, errorKinds, isErrorCode } from "../protocol/errors.ts"

/**
 * What to do about an error, in terms of this command; where it says nothing, the protocol's own help does. Undefined:
 * the sentence and the fields say it all.
 */
const advice: { readonly [code in ErrorCode | ClientErrorCode]?: string | undefined } = {
  invalid_request: undefined,
  invalid_config: undefined,
  unauthenticated:
    "Show a key that the server knows: `--profile`, STRATALOG_API_KEY or `--api-key`. Whoever administrates it makes one (`strata key create`); a token comes anew from its issuer.",
  key_not_found: "See `strata key list`.",
  last_super_key: "Make another one first: `strata key create --super --principal User:<name>`.",
  acls_full: "Say more by prefixes (`--resource-pattern-type prefixed`) and *, or remove some: `strata acl remove`.",
  topic_not_found: "See `strata topic list`, or create it: `strata topic create <name>`.",
  partition_not_found: "See `strata topic describe <name>`; partitions are numbered from 0.",
  group_not_found: "See `strata group list`; a group exists once it has a member or a committed offset.",
  topic_conflict: "Look at it with `strata topic describe <name>`, change it with `strata topic alter <name>`.",
  offset_below_log_start: "Start with `--from earliest`, or see `strata offsets <topic>`.",
  offset_beyond_end: "Start with `--from latest`, or see `strata offsets <topic>`.",
  group_not_empty:
    "Stop its members first (`strata group describe <group> --members`); one that crashed counts until its session is over.",
  no_committed_offset:
    "Name only what it has committed for (`strata group offsets <group>`), or where to go, such as `--to-earliest`.",
  member_fenced: "Another member has the partition now; start again to join anew.",
  offset_regression: "Committed offsets only move forward; to go back: `strata group reset <group>`.",
  body_too_large: "Send smaller batches: `--batch-size`.",
  batch_too_large:
    "Send smaller batches (`--batch-size`) or `strata topic alter <name> --config max.message.bytes=...`.",
  route_not_found: "Is `--url` the base URL of a Stratalog server, and the server as new as this command?",
  method_not_allowed: "Is the server as new as this command?",
  timeout: "The server is there but slow, or something on the way drops the packets.",
  unexpected_response: "Is `--url` the base URL of a Stratalog server?",
  credentials_unavailable: [
    "Give this command your keys:",
    '  eval "$(aws configure export-credentials --format env)"',
    "or let it find them itself (profiles, SSO, roles): npm install @aws-sdk/credential-provider-node",
  ].join("\n"),
}

/** What stands in front of a deployment in AWS answers before Stratalog does, and in its own words. */
const NOT_LET_IN =
  "In AWS, requests have to be signed by somebody who is allowed to make them: `--auth iam` signs, and docs/deploy.md says who is allowed."

export function adviceFor(code: ErrorCode | ClientErrorCode, status?: number): string | undefined {
  if (code === "unexpected_response" && (status === 401 || status === 403)) return NOT_LET_IN
  if (Object.hasOwn(advice, code)) return advice[code]
  return isErrorCode(code) ? errorKinds[code].help : undefined
}
