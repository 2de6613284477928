import { type Problem, problem } from "stratalog/protocol"
import { describe, expect, it } from "vitest"
import { manyResults } from "../../../functions/http/records/many-results.ts"

const good = { partition: 0, baseOffset: 7 }
const failed = (error: Problem, partition = 1) => ({ partition, error })
const missing = problem("partition_not_found", "There is no partition 9.")
const full = problem("storage_full", "The disk is full.")

function answer(results: Parameters<typeof manyResults>[1]) {
  const { status, headers, body } = manyResults("results", results)
  return { status, type: headers["content-type"], body: JSON.parse(String(body)) }
}

describe("the answer for many partitions", () => {
  it("is 200 where all succeeded", () => {
    expect(answer([good, good])).toEqual({ status: 200, type: "application/json", body: { results: [good, good] } })
  })

  it("is 207 where some failed", () => {
    const results = [good, failed(missing)]
    expect(answer(results)).toEqual({ status: 207, type: "application/json", body: { results } })
  })

  it("is 207 where all failed for several reasons", () => {
    expect(answer([failed(missing), failed(full)]).status).toBe(207)
  })

  it("is the error itself where the only one failed", () => {
    expect(answer([failed(missing)])).toEqual({ status: 404, type: "application/problem+json", body: missing })
  })

  it("is the common error, with the results, where all failed for one reason", () => {
    const results = [failed(full), failed(full, 2)]
    const { status, body } = answer(results)
    expect(status).toBe(503)
    expect(body).toMatchObject({ code: "storage_full", retryable: true, results })
    expect(body.detail).toBe("All 2 failed. The first: The disk is full.")
  })
})
