import { limits, topicConfigDefaults } from "stratalog/protocol"
import { describe, expect, it } from "vitest"
import {
  BASE64_BODY_BYTES,
  ENVELOPE_BYTES,
  encodingOf,
  lambdaLimits,
  PAYLOAD_BYTES,
} from "../../../functions/lambda/limits.ts"

/** The quotes around it count among the rest. */
const asString = (text: string) => Buffer.byteLength(JSON.stringify(text)) - 2 + ENVELOPE_BYTES
const asBase64 = (bytes: number) => Math.ceil(bytes / 3) * 4 + ENVELOPE_BYTES

describe("the limits behind Lambda", () => {
  it("let through only requests that fit into an event, however they are written", () => {
    const { maxRequestBytes } = lambdaLimits
    for (const character of ['"', "\\", "\n", "é", "😀", "x"]) {
      const body = character.repeat(maxRequestBytes / Buffer.byteLength(character))
      expect(asString(body), character).toBeLessThanOrEqual(PAYLOAD_BYTES)
    }
    expect(asBase64(maxRequestBytes)).toBeLessThanOrEqual(PAYLOAD_BYTES)
  })

  it("leave room for what is larger by a little, so that the API refuses it and not the platform", () => {
    expect(asBase64(lambdaLimits.maxRequestBytes + 64 * 1024)).toBeLessThan(PAYLOAD_BYTES)
  })

  it("let every batch come in and go out", () => {
    expect(lambdaLimits.maxBatchBytes).toBeLessThanOrEqual(lambdaLimits.maxRequestBytes)
    expect(lambdaLimits.maxBatchBytes).toBeLessThanOrEqual(lambdaLimits.maxFetchBytes)
    // Inside the JSON of /v1/produce a batch is base64.
    expect(asBase64(lambdaLimits.maxBatchBytes) - ENVELOPE_BYTES).toBeLessThanOrEqual(lambdaLimits.maxRequestBytes)
    expect(topicConfigDefaults["max.message.bytes"]).toBeLessThanOrEqual(lambdaLimits.maxBatchBytes)
  })

  it("let every answer go out", () => {
    expect(asBase64(lambdaLimits.maxFetchBytes)).toBeLessThanOrEqual(PAYLOAD_BYTES)
    expect(asBase64(lambdaLimits.maxAnswerBytes)).toBeLessThanOrEqual(PAYLOAD_BYTES)
    expect(lambdaLimits.defaultFetchBytes).toBeLessThanOrEqual(lambdaLimits.maxFetchBytes)
  })

  it("are nowhere above the general ones, and tell the same things", () => {
    for (const [name, general] of Object.entries(limits)) {
      if (/^(max|default)/.test(name)) expect(Reflect.get(lambdaLimits, name), name).toBeLessThanOrEqual(general)
    }
    expect(Object.keys(lambdaLimits).sort()).toEqual(Object.keys(limits).sort())
  })

  it("end a wait before front doors give up", () => {
    expect(lambdaLimits.maxWaitMs).toBeLessThan(29_000)
  })
})

describe("a text goes out", () => {
  const room = PAYLOAD_BYTES - ENVELOPE_BYTES

  it("as text where that fits", () => {
    expect(encodingOf("x", 1)).toBe("text")
    expect(encodingOf("x".repeat(room - 2), room - 2)).toBe("text")
  })

  it("in base64 where its escapes would not", () => {
    expect(encodingOf('"'.repeat(BASE64_BODY_BYTES), BASE64_BODY_BYTES)).toBe("base64")
  })

  it("not at all where neither fits", () => {
    expect(encodingOf('"'.repeat(BASE64_BODY_BYTES + 1), BASE64_BODY_BYTES + 1)).toBeUndefined()
  })
})
