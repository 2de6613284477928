import { limits } from "stratalog/protocol"
import { afterEach, describe, expect, it } from "vitest"
import { type HttpApi, openHttpApi } from "../../fakes/http-api.ts"

describe("groups over HTTP", () => {
  let api: HttpApi
  afterEach(() => api.dispose())

  const poll = (json: object) => api.send("POST", "/v1/groups/g/members/m1/poll", { json })

  it("refuse a poll that has no room to wait before it does anything", async () => {
    api = openHttpApi({ limits: { ...limits, maxWaitingReaders: 0 } })
    await api.send("PUT", "/v1/topics/orders", { json: {} })
    const refused = await poll({ topics: ["orders"], wait: "1s" })
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "1"])
    expect((await api.send("GET", "/v1/groups/g")).status).toBe(404)
    expect((await poll({ topics: ["orders"] })).status).toBe(200)
  })

  it("have a path with a colon, in whatever way that is written, and none that looks like it", async () => {
    api = openHttpApi()
    for (const path of ["/v1/groups/g/offsets:reset", "/v1/groups/g/offsets%3Areset"]) {
      expect((await api.refused("POST", path, { json: { to: "latest" } })).code).toBe("group_not_found")
      const refused = await api.send("GET", path)
      expect([refused.status, refused.headers.get("allow")]).toEqual([405, "POST, OPTIONS"])
    }
    expect((await api.refused("POST", "/v1/groups/g/offsetsreset", { json: {} })).code).toBe("route_not_found")
    expect((await api.refused("POST", "/v1/groups/g/offsets:resets", { json: {} })).code).toBe("route_not_found")
  })
})
