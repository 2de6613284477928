import { afterAll, describe, expect, it } from "vitest"
import type { Page } from "../../../functions/http/page.ts"
import { openHttpApi } from "../../fakes/http-api.ts"

const page: Page = {
  path: "/page",
  respond: () => ({ status: 200, headers: { "content-type": "text/plain" }, body: "here" }),
}
const brokenPage: Page = {
  path: "/broken",
  respond: () => {
    throw new Error("a defect")
  },
}
const closed = openHttpApi({}, { pages: [page, brokenPage] })
const open = openHttpApi({}, { corsOrigins: ["https://app.example.com"] })
const wide = openHttpApi({}, { corsOrigins: ["*"] })
afterAll(() => {
  for (const api of [closed, open, wide]) api.dispose()
})

const origin = "https://app.example.com"
const stranger = "https://elsewhere.example.com"
const corsHeaders = (response: Response) =>
  [...response.headers.keys()].filter((name) => name.startsWith("access-control-"))

describe("methods", () => {
  it("OPTIONS tells what a path takes", async () => {
    const response = await closed.send("OPTIONS", "/v1/topics/orders")
    expect(response.status).toBe(204)
    expect(response.headers.get("allow")?.split(", ").sort()).toEqual([
      "DELETE",
      "GET",
      "HEAD",
      "OPTIONS",
      "PATCH",
      "PUT",
    ])
    expect(corsHeaders(response)).toEqual([])
  })

  it("OPTIONS of a path that is not there is no success", async () => {
    expect(await closed.refused("OPTIONS", "/v1/nothing")).toMatchObject({ code: "route_not_found" })
  })

  it("HEAD answers like GET without the body", async () => {
    for (const path of ["/v1/limits", "/page"]) {
      const [head, get] = [await closed.send("HEAD", path), await closed.send("GET", path)]
      expect([head.status, await head.text()]).toEqual([200, ""])
      expect(head.headers.get("content-type")).toBe(get.headers.get("content-type"))
    }
  })

  it("a method that a path does not have is refused, on pages too", async () => {
    const response = await closed.send("POST", "/page")
    expect(response.status).toBe(405)
    expect(response.headers.get("allow")).toBe("GET, HEAD, OPTIONS")
    expect(await closed.refused("PUT", "/v1/limits", { json: {} })).toMatchObject({ code: "method_not_allowed" })
  })
})

describe("paths", () => {
  it.each(["/v1/topics/%zz", "/v1/topics/%", "/v1/topics/%E0%A4%A", "/v1/topics/%ff"])(
    "%s has a broken percent-encoding",
    async (path) => {
      for (const method of ["GET", "PUT", "DELETE"]) {
        const problem = await closed.refused(method, path)
        expect(problem).toMatchObject({ code: "invalid_request", detail: expect.stringContaining("percent-encoding") })
      }
    },
  )

  it("names are decoded before they are judged", async () => {
    expect((await closed.send("PUT", "/v1/topics/or%64ers")).status).toBe(201)
    expect((await closed.send("GET", "/v1/topics/orders")).status).toBe(200)
    expect(await closed.refused("PUT", "/v1/topics/a%2Fb")).toMatchObject({ code: "invalid_request" })
  })
})

describe("every answer", () => {
  it("names its request and is not to be guessed at", async () => {
    for (const path of ["/v1/limits", "/v1/topics/none", "/nothing", "/page"]) {
      const { headers } = await closed.send("GET", path, { headers: { "x-request-id": "mine-7" } })
      expect(headers.get("x-request-id")).toBe("mine-7")
      expect(headers.get("x-content-type-options")).toBe("nosniff")
    }
  })

  it("has an id of ours where the caller's is none", async () => {
    for (const id of ["", "a b", "x".repeat(129), "<script>"]) {
      const { headers } = await closed.send("GET", "/v1/limits", { headers: { "x-request-id": id } })
      expect(headers.get("x-request-id")).toBe("request-1")
    }
  })

  it("is a problem where a page has a defect, and the defect is reported", async () => {
    expect(await closed.refused("GET", "/broken")).toMatchObject({ code: "internal_error", requestId: "request-1" })
    expect(closed.defects).toEqual([new Error("a defect")])
  })
})

describe("cross-origin requests", () => {
  it("get nothing by default", async () => {
    const answer = await closed.send("GET", "/v1/limits", { headers: { origin } })
    expect(corsHeaders(answer)).toEqual([])
    const asked = { origin, "access-control-request-method": "PUT" }
    expect(corsHeaders(await closed.send("OPTIONS", "/v1/topics/orders", { headers: asked }))).toEqual([])
  })

  it("of an allowed origin may read the answer and its headers", async () => {
    for (const path of ["/v1/limits", "/v1/topics/none"]) {
      const { headers } = await open.send("GET", path, { headers: { origin } })
      expect(headers.get("access-control-allow-origin")).toBe(origin)
      expect(headers.get("access-control-expose-headers")).toContain("stratalog-next-offset")
      expect(headers.get("vary")).toBe("origin")
      expect(headers.get("access-control-allow-credentials")).toBeNull()
    }
  })

  it("of another origin may not, and caches keep the two apart", async () => {
    for (const headers of [{ origin: stranger }, { origin: "null" }, undefined]) {
      const answer = await open.send("GET", "/v1/limits", headers ? { headers } : {})
      expect(corsHeaders(answer)).toEqual([])
      expect(answer.headers.get("vary")).toBe("origin")
    }
  })

  it("are preflighted", async () => {
    const asked = { "access-control-request-method": "PATCH", "access-control-request-headers": "content-type" }
    const { status, headers } = await open.send("OPTIONS", "/v1/topics/orders", { headers: { origin, ...asked } })
    expect(status).toBe(204)
    expect(headers.get("access-control-allow-origin")).toBe(origin)
    expect(headers.get("access-control-allow-methods")).toContain("PATCH")
    expect(headers.get("access-control-allow-headers")).toContain("content-type")
    expect(headers.get("access-control-max-age")).toBe("7200")
    const refused = await open.send("OPTIONS", "/v1/topics/orders", { headers: { origin: stranger, ...asked } })
    expect(corsHeaders(refused)).toEqual([])
  })

  it("of any origin may where the star is set", async () => {
    const { headers } = await wide.send("GET", "/v1/limits", { headers: { origin: stranger } })
    expect(headers.get("access-control-allow-origin")).toBe("*")
    expect(headers.get("vary")).toBeNull()
  })

  it("keep what else an answer varies by", async () => {
    await open.send("PUT", "/v1/topics/orders")
    const { headers } = await open.send("GET", "/v1/topics/orders/partitions/0/records", { headers: { origin } })
    expect(headers.get("vary")).toBe("accept, origin")
  })
})
