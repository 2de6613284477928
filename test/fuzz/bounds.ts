/** The server's timeouts for the fuzzer, which has little time; an honest caller has to be in time on a busy machine, too. */
import type { ServerBounds } from "../../functions/server/bounds/bounds.ts"

export const bounds: Partial<ServerBounds> = {
  headersTimeoutMs: 3_000,
  requestTimeoutMs: 4_000,
  keepAliveTimeoutMs: 1_000,
  checkEveryMs: 200,
}

/** What the leaking server keeps for each request, bytes. */
export const BODIES = 128 * 1024
