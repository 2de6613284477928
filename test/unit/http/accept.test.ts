import { describe, expect, it } from "vitest"
import { acceptable } from "../../../functions/http/accept.ts"
import { Refusal } from "../../../functions/http/exchange.ts"

const offered = ["application/json", "application/vnd.kafka.record-batch", "text/event-stream"] as const

describe("the Accept header", () => {
  it.each([
    [undefined, "application/json"],
    ["*/*", "application/json"],
    ["", "application/json"],
    ["application/*", "application/json"],
    ["text/event-stream", "text/event-stream"],
    ["TEXT/Event-Stream", "text/event-stream"],
    ["text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "application/json"],
    ["application/json;q=0.5, text/event-stream;q=0.6", "text/event-stream"],
    ["application/json;q=0.5, text/event-stream;q=0.5", "application/json"],
    ["application/json;q=0, */*", "application/vnd.kafka.record-batch"],
    ["*/*;q=0.1, application/vnd.kafka.record-batch;version=2;q=0.2", "application/vnd.kafka.record-batch"],
    ["application/json; q=0.1, text/*", "text/event-stream"],
  ])("%s takes %s", (header, type) => {
    expect(acceptable(header, offered)).toBe(type)
  })

  it.each(["image/png", "application/json;q=0", "*/*;q=0", "application/json;q=nonsense", "json"])(
    "%s takes none",
    (header) => {
      expect(() => acceptable(header, offered)).toThrow(
        expect.objectContaining({ code: "not_acceptable", message: expect.stringContaining("application/json") }),
      )
      expect(() => acceptable(header, offered)).toThrow(Refusal)
    },
  )
})
