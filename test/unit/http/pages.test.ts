import { errorKinds } from "stratalog/protocol"
import { afterAll, describe, expect, it } from "vitest"
import { errorsPage } from "../../../functions/http/docs/errors-page.ts"
import { documentPaths } from "../../../functions/http/docs/page-paths.ts"
import { referencePages } from "../../../functions/http/docs/reference-pages.ts"
import { openApiPage } from "../../../functions/http/openapi/page.ts"
import { rootPage } from "../../../functions/http/service/root-page.ts"
import { referenceAssets } from "../../../functions/server/reference-assets.ts"
import { openHttpApi } from "../../fakes/http-api.ts"

const version = "1.2.3"
const pages = [rootPage(version), openApiPage(version), errorsPage, ...referencePages(referenceAssets, version)]
const api = openHttpApi({}, { pages })
afterAll(() => api.dispose())

describe("the pages beside the API", () => {
  it("lead from the root to the reference", async () => {
    expect(await (await api.send("GET", "/")).json()).toMatchObject({
      version,
      docs: "docs",
      openapi: "openapi.json",
    })
    const browser = await api.send("GET", "/", { headers: { accept: "text/html,*/*;q=0.8" }, redirect: "manual" })
    expect([browser.status, browser.headers.get("location")]).toEqual([302, "docs"])
  })

  it("are where whoever loads them late looks for them", () => {
    const paths = [errorsPage, ...referencePages(referenceAssets, version)].map(({ path }) => path)
    expect(documentPaths(version)).toEqual(paths)
  })

  it("load what they load from this server, and it is there", async () => {
    const shell = await (await api.send("GET", "/docs")).text()
    const loaded = [...shell.matchAll(/<(?:script|link)[^>]*(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? "")
    expect(loaded.filter((url) => !url.startsWith("data:"))).toHaveLength(4)
    for (const url of loaded.filter((each) => !each.startsWith("data:"))) {
      expect(url).toMatch(/^docs\//)
      const response = await api.send("GET", `/${url}`)
      expect(response.status).toBe(200)
      expect(response.headers.get("content-type")).toMatch(/^text\/(javascript|css)/)
      expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(100)
    }
  })

  it("let browsers load nothing from elsewhere", async () => {
    for (const path of ["/docs", "/docs/errors"]) {
      const policy = (await api.send("GET", path)).headers.get("content-security-policy") ?? ""
      expect(policy).toContain("default-src 'none'")
      expect(policy).not.toMatch(/https?:|\*|unsafe-eval|script-src[^;]*unsafe-inline/)
    }
  })

  it("keep the reference's files for a year, and the rest until it changes", async () => {
    const caching = async (path: string) => (await api.send("GET", path)).headers.get("cache-control")
    expect(await caching(`/docs/assets/${version}/swagger-ui.css`)).toContain("immutable")
    expect(await caching("/docs")).toBe("no-cache")
  })

  it("put one mark behind the title of an error", async () => {
    expect(await (await api.send("GET", "/docs/errors")).text()).not.toMatch(/[.?!]\.<\/strong>/)
  })

  it("explain every error under its anchor", async () => {
    const text = await (await api.send("GET", "/docs/errors")).text()
    for (const [code, { status }] of Object.entries(errorKinds)) {
      expect(text).toContain(`<tr id="${code}"><td><a href="#${code}"><code>${code}</code></a></td><td>${status}</td>`)
    }
  })

  it("give the document of the API, made once", async () => {
    const first = await (await api.send("GET", "/openapi.json")).text()
    expect(JSON.parse(first)).toMatchObject({ openapi: "3.1.1", info: { version } })
    expect(await (await api.send("GET", "/openapi.json")).text()).toBe(first)
  })
})
