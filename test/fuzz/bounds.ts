/** The server's timeouts for the fuzzer, which has little time. */
import type { ServerBounds } from "../../functions/server/bounds/bounds.ts"

export const bounds: Partial<ServerBounds> = {
  headersTimeoutMs: 1_000,
  requestTimeoutMs: 2_000,
  keepAliveTimeoutMs: 1_000,
  checkEveryMs: 200,
}

/** What the leaking server keeps for each request, bytes. */
export const BODIES = 128 * 1024
