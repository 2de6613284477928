import { describe, expect, it } from "vitest"
import { decideHead } from "../../../../functions/server/bounds/request-heads.ts"

const headers = (count: number) => Array.from({ length: count }, (_, index) => [`h${index}`, "x"]).flat()

describe("headers of a request", () => {
  it("may be as many as the bound", () => {
    expect(decideHead(headers(100), 100)).toBeUndefined()
    expect(decideHead(headers(101), 100)).toMatchObject({ status: 431, code: "headers_too_large" })
  })

  it("say no other transfer coding than chunked", () => {
    expect(decideHead(["Transfer-Encoding", "Chunked "], 100)).toBeUndefined()
    for (const coding of ["identity, chunked", "gzip, chunked", ""]) {
      expect(decideHead(["transfer-encoding", coding], 100)).toMatchObject({ code: "invalid_request" })
    }
  })

  it("name a host", () => {
    for (const host of ["localhost:8080", "[::1]:8080", "log.example.com"]) {
      expect(decideHead(["Host", host], 100)).toBeUndefined()
    }
    for (const host of [".1", "", "a b", "x:99999"]) {
      expect(decideHead(["host", host], 100)).toMatchObject({ code: "invalid_request" })
    }
  })

  it("say once who calls", () => {
    expect(decideHead(["Authorization", "Bearer a"], 100)).toBeUndefined()
    expect(decideHead(["Authorization", "Bearer a", "authorization", "Bearer a"], 100)).toMatchObject({
      code: "invalid_request",
    })
  })
})
