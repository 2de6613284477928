/** What a poll found, as a head in JSON and record batches: see `POLL_TYPE`. */
import { POLL_TYPE, type PolledHead } from "stratalog/protocol"
import type { Polled } from "../../groups/poll/polled.ts"
import type { ApiResponse } from "../exchange.ts"
import { endOfBatches } from "../records/fetch-result.ts"
import { isWorthTelling, place } from "./polled-json.ts"
import { polledProblem } from "./problems.ts"

export function polledBatches({ answer, fetched, problems }: Polled): ApiResponse {
  const shown = fetched.filter(isWorthTelling)
  const head: PolledHead = {
    ...answer,
    assignment: [...answer.assignment],
    batches: shown.map(({ at, offset, batches, watermarks }) => ({
      ...place(at),
      bytes: batches.reduce((sum, batch) => sum + batch.bytes.length, 0),
      offset,
      nextOffset: Math.max(offset, endOfBatches({ offset, batches })),
      highWatermark: watermarks.highWatermark,
      logStartOffset: watermarks.logStartOffset,
    })),
    ...(problems.length > 0 && {
      problems: problems.map(({ at, problem }) => ({ ...place(at), error: polledProblem(at, problem) })),
    }),
  }
  const text = Buffer.from(JSON.stringify(head))
  const length = Buffer.alloc(4)
  length.writeUInt32BE(text.length)
  const batches = shown.flatMap((each) => each.batches.map(({ bytes }) => bytes))
  return { status: 200, headers: { "content-type": POLL_TYPE, vary: "accept" }, body: [length, text, ...batches] }
}
