/** Errors that no client can provoke from outside, each with its reason; every other one needs a conformance case. */
import type { ErrorCode } from "stratalog/protocol"

export const unprovocable: Readonly<Partial<Record<ErrorCode, string>>> = {
  last_super_key: "needs a server on which nobody else has a key",
  acls_full: "needs a server on which nobody else adds access control lists",
  request_timeout: "needs a request that stalls for as long as the server waits, minutes",
  concurrent_change: "needs two changes within the microseconds between a read and its conditional write",
  too_many_requests: "needs as many waiting readers as the service allows, or a throttled storage",
  internal_error: "a defect",
  corrupt_log: "needs damaged files under the server",
  storage_full: "needs a full disk under the server",
  unavailable: "needs a storage that fails",
  outcome_unknown: "needs a storage whose answers get lost",
}
