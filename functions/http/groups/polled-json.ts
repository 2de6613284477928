/** What a poll found, as JSON. */
import type { PollBody } from "stratalog/protocol"
import type { GroupDependencies } from "../../groups/dependencies.ts"
import type { Polled } from "../../groups/poll/polled.ts"
import type { PolledPartition } from "../../groups/poll/read-partitions.ts"
import { type ApiResponse, rawJson } from "../exchange.ts"
import { recordTooLarge } from "../problems.ts"
import { AnswerRoom } from "../records/answer-room.ts"
import { fetchedText } from "../records/fetch-result.ts"
import { formatsOf } from "../records/json-records.ts"
import { polledProblem } from "./problems.ts"

/** At most `limit` records over all partitions, and no more of them than the answer has room for. */
export async function polledJson(
  deps: Pick<GroupDependencies, "codecs" | "limits">,
  { answer, fetched, problems }: Polled,
  formatted: Pick<PollBody, "keyFormat" | "valueFormat">,
  limit: number,
): Promise<ApiResponse> {
  const formats = formatsOf(formatted)
  const told = problems.map(({ at, problem }) => ({ ...place(at), error: polledProblem(at, problem) }))
  const head = JSON.stringify(answer)
  const shown = fetched.filter(isWorthTelling)
  const room = new AnswerRoom(deps.limits, shown.length + told.length, Buffer.byteLength(head))
  const texts: string[] = []
  let left = limit
  for (const { at, isNews, ...found } of shown) {
    const text = await fetchedText({ kind: "fetched", partition: at.partition, ...found }, left, formats, room, deps)
    if (text.kind === "record_too_large") {
      told.push({ ...place(at), error: recordTooLarge(text) })
      continue
    }
    // There was no room for any of it: another poll begins with it.
    if (text.nextOffset === found.offset && !isNews) continue
    left -= text.records
    texts.push(`{${JSON.stringify(place(at)).slice(1, -1)},${text.text}}`)
  }
  const last = told.length === 0 ? "" : `,"problems":${JSON.stringify(told)}`
  return rawJson(200, `${head.slice(0, -1)},"batches":[${texts.join(",")}]${last}}`)
}

/** A partition without records is told of where the member does not know where it stands in it. */
export function isWorthTelling({ batches, isNews }: PolledPartition): boolean {
  return batches.length > 0 || isNews
}

export function place({ topic, partition }: PolledPartition["at"]) {
  return { topic, partition: partition.partition }
}
