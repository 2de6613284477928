import { describe, expect, it } from "vitest"
import { StratalogError } from "../../../sdk/client/errors.ts"
import { errorOfAnswer } from "../../../sdk/client/problem-error.ts"
import { decideDelivery, type FailedAttempt } from "../../../sdk/client/producer/delivery-decision.ts"
import { nextStickyPartition, partitioners } from "../../../sdk/client/producer/partitioner.ts"
import { addToSequence } from "../../../sdk/client/producer/sequence.ts"
import { parseRetryAfter, retryPause } from "../../../sdk/client/retry-policy.ts"

describe("pauses between attempts", () => {
  const policy = { baseMs: 100, maxMs: 1_000 }

  it("are anything up to a bound that doubles, up to the most", () => {
    expect([1, 2, 3, 4, 5, 99].map((attempt) => retryPause(attempt, policy, 0.999))).toEqual([
      99, 199, 399, 799, 999, 999,
    ])
    expect(retryPause(5, policy, 0)).toBe(0)
  })

  it("are never shorter than Retry-After, in seconds or as a date", () => {
    expect(retryPause(1, policy, 0.5, 7_000)).toBe(7_000)
    expect(parseRetryAfter("7", 0)).toBe(7_000)
    expect(parseRetryAfter("Thu, 01 Jan 1970 00:00:09 GMT", 4_000)).toBe(5_000)
    expect(parseRetryAfter("Thu, 01 Jan 1970 00:00:09 GMT", 44_000)).toBe(0)
    expect(parseRetryAfter("soon", 0)).toBeUndefined()
    expect(parseRetryAfter(null, 0)).toBeUndefined()
  })
})

describe("answers that are no problem of ours", () => {
  it.each([
    [429, true, "none"],
    [403, false, "none"],
    [502, true, "unknown"],
    [504, true, "unknown"],
  ])("status %i: retryable %s, side effects %s", (status, retryable, sideEffects) => {
    expect(errorOfAnswer(status, '{"message":"Forbidden"}')).toMatchObject({
      code: "unexpected_response",
      retryable,
      sideEffects,
    })
  })
})

describe("what follows a failed attempt", () => {
  const error = (code: StratalogError["code"], sideEffects: "none" | "unknown", retryable = false, status = 400) =>
    new StratalogError({ code, sideEffects, retryable, status, detail: code })
  const attempt: Omit<FailedAttempt, "error"> = {
    idempotent: true,
    afterUnknown: false,
    canRetry: true,
    recordCount: 2,
    epochIsNewest: true,
  }

  it.each<[string, FailedAttempt, object]>([
    ["unknown", { ...attempt, error: error("internal_error", "unknown") }, { kind: "retry", afterUnknown: true }],
    [
      "unknown, no time left",
      { ...attempt, canRetry: false, error: error("timeout", "unknown") },
      { kind: "fail", sequence: "lost" },
    ],
    [
      "unknown, not idempotent",
      { ...attempt, idempotent: false, error: error("timeout", "unknown", true) },
      { kind: "fail", error: { code: "outcome_unknown" } },
    ],
    ["not now", { ...attempt, error: error("unavailable", "none", true) }, { kind: "retry", afterUnknown: false }],
    [
      "not now, after unknown",
      { ...attempt, afterUnknown: true, error: error("unavailable", "none", true) },
      { kind: "retry", afterUnknown: true },
    ],
    [
      "never",
      { ...attempt, error: error("invalid_batch", "none") },
      { kind: "fail", sequence: "unused", error: { code: "invalid_batch" } },
    ],
    [
      "never, after unknown",
      { ...attempt, afterUnknown: true, error: error("invalid_batch", "none") },
      { kind: "fail", sequence: "lost", error: { code: "outcome_unknown" } },
    ],
    ["too large", { ...attempt, error: error("batch_too_large", "none", false, 413) }, { kind: "split" }],
    [
      "too large alone",
      { ...attempt, recordCount: 1, error: error("batch_too_large", "none", false, 413) },
      { kind: "fail", sequence: "unused" },
    ],
    [
      "too large, after unknown",
      { ...attempt, afterUnknown: true, error: error("batch_too_large", "none", false, 413) },
      { kind: "fail", sequence: "lost" },
    ],
    ["a gap", { ...attempt, error: error("sequence_gap", "none") }, { kind: "rebind", newEpoch: true }],
    [
      "a gap, after unknown",
      { ...attempt, afterUnknown: true, error: error("sequence_gap", "none") },
      { kind: "fail", sequence: "lost", error: { code: "outcome_unknown" } },
    ],
    [
      "fenced",
      { ...attempt, error: error("producer_fenced", "none") },
      { kind: "fenced", error: { code: "producer_fenced" } },
    ],
    [
      "fenced by its own newer epoch",
      { ...attempt, epochIsNewest: false, error: error("producer_fenced", "none") },
      { kind: "rebind", newEpoch: false },
    ],
    [
      "fenced by its own newer epoch, after unknown",
      { ...attempt, epochIsNewest: false, afterUnknown: true, error: error("producer_fenced", "none") },
      { kind: "fail", sequence: "lost" },
    ],
  ])("%s", (_, failed, decision) => {
    expect(decideDelivery(failed)).toMatchObject(decision)
  })
})

describe("partitions", () => {
  it("of keys are those of Kafka's clients", () => {
    const bytes = (text: string) => new TextEncoder().encode(text)
    // kafka-clients 3.9 (Utils.toPositive(murmur2)) and librdkafka 2.6 (rd_crc32), modulo 1,000.
    expect(partitioners.murmur2(bytes("a-little-bit-long-string"), 1_000, "t")).toBe((-985981536 & 0x7fffffff) % 1_000)
    expect(partitioners.crc32(bytes("123456789"), 1_000, "t")).toBe(0xcbf43926 % 1_000)
  })

  it("without keys change with each batch, to any of the others", () => {
    const seen = new Set([0, 0.3, 0.6, 0.999].map((random) => nextStickyPartition(4, 1, random)))
    expect(seen).toEqual(new Set([0, 2, 3]))
    expect(nextStickyPartition(1, 0, 0.9)).toBe(0)
    expect(nextStickyPartition(2, 7, 0.9)).toBe(1)
  })
})

it("sequences wrap as Kafka's do", () => {
  expect(addToSequence(2 ** 31 - 1, 1)).toBe(0)
  expect(addToSequence(2 ** 31 - 3, 5)).toBe(2)
})
