/** Which failures of upkeep an operator should know, and how they are told. */
import { MAX_FAILURE_DETAIL, MAX_TOLD_FAILURES, type UpkeepFailureCode, type UpkeepFailures } from "stratalog/protocol"
import type { UpkeepFailed } from "./report.ts"

/** Undefined for what is none: somebody else was faster, the topic is gone, or the process stops. */
export function failureCode({ failure }: UpkeepFailed): UpkeepFailureCode | undefined {
  switch (failure.kind) {
    case "overtaken":
    case "unknown_partition":
      return undefined
    case "unavailable":
      return failure.reason === "closing" ? undefined : failure.reason
    default:
      return failure.kind
  }
}

export function noFailures(): UpkeepFailures {
  return { count: 0, codes: [], first: [] }
}

/** `before`, and these. */
export function addFailures(before: UpkeepFailures, failed: readonly UpkeepFailed[]): UpkeepFailures {
  const counts = new Map(before.codes.map(({ code, count }) => [code, count]))
  const first = [...before.first]
  let { count } = before
  for (const each of failed) {
    const code = failureCode(each)
    if (code === undefined) continue
    count += 1
    counts.set(code, (counts.get(code) ?? 0) + 1)
    if (first.length < MAX_TOLD_FAILURES) first.push(told(each, code))
  }
  return { count, codes: [...counts].map(([code, times]) => ({ code, count: times })), first }
}

function told(
  { partition, topic, step, failure }: UpkeepFailed,
  code: UpkeepFailureCode,
): UpkeepFailures["first"][number] {
  const detail = "detail" in failure ? failure.detail : failure.kind
  return {
    code,
    ...(topic !== undefined && { topic }),
    ...partition,
    ...(step !== undefined && { step }),
    detail: detail.slice(0, MAX_FAILURE_DETAIL),
  }
}
