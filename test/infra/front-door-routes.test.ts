/** Where requests go by API Gateway's rules, and that what they reach can answer them. */
import { routes as protocolRoutes, type Route } from "stratalog/protocol"
import { afterAll, describe, expect, it } from "vitest"
import { openGate } from "../../functions/http/access/gate.ts"
import { WaitingReaders } from "../../functions/http/records/patience.ts"
import { restResources } from "../../infra/front-door/rest-resources.ts"
import { endpointsByConcern } from "../fakes/front-doors/by-concern.ts"
import { httpApiRoute, restApiRoute } from "../fakes/front-doors/route.ts"
import { openHttpApi } from "../fakes/http-api.ts"

const { deps, dispose } = openHttpApi()
afterAll(dispose)

const reading = { ...deps, waiting: new WaitingReaders({ most: 1, mostOfOne: 1 }), gate: openGate }
const served = new Map(
  Object.entries(endpointsByConcern).map(([concern, of]) => [concern, of(reading).map(({ route }) => route.id)]),
)

const all = Object.values<Route>(protocolRoutes)
const METHODS = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]

/** A path of the route as callers may write it. */
function pathsOf({ path }: Route): readonly string[] {
  const plain = path.replaceAll("{partition}", "0").replaceAll(/\{\w+\}/g, "a.b-c_1")
  return [plain, path.replaceAll("{partition}", "007").replaceAll(/\{\w+\}/g, "records")]
}

/** An HTTP API compares decoded paths; nothing tells that it always did. A REST API compares what was sent. */
const doors: readonly [string, (method: string, path: string) => ReturnType<typeof restApiRoute>][] = [
  ["an HTTP API", (method, path) => httpApiRoute(method, decodeURIComponent(path))],
  ["an HTTP API that compares what was sent", httpApiRoute],
  ["a REST API", restApiRoute],
]

describe.each(doors)("%s", (_name, chosen) => {
  it("sends every route to the function that serves it", () => {
    for (const route of all) {
      for (const path of pathsOf(route).flatMap((each) => [each, each.replaceAll(":", "%3A")])) {
        for (const method of route.method === "GET" ? ["GET", "HEAD"] : [route.method]) {
          const to = chosen(method, path)?.to
          expect(to !== undefined && served.get(to)?.includes(route.id), `${method} ${path} -> ${to}`).toBe(true)
        }
      }
    }
  })

  it("leaves no request without a function, whatever its path and method", () => {
    const odd = [
      "/",
      "/v1",
      "/v1/",
      "/v2/topics",
      "/nothing/at/all",
      "/v1//topics",
      "/v1/groups//offsets",
      "/v1/topics/",
    ]
    const paths = [...odd, ...all.flatMap(pathsOf).flatMap((path) => [path, `${path}/`, `${path}/x`, `${path}/x/y/z`])]
    for (const method of METHODS) {
      for (const path of paths) expect(chosen(method, path), `${method} ${path}`).toBeDefined()
    }
  })

  it("sends what no route has to admin, but for whatever is below a group", () => {
    for (const [method, path] of [
      ["PUT", "/v1/produce"],
      ["GET", "/v1/topics/a/records"],
      ["DELETE", "/v1/topics/a/partitions/0/records"],
      ["PUT", "/v1/groups/g/offsets"],
      ["GET", "/v1/groups/g"],
      ["GET", "/docs/assets/1/x.js"],
    ] as const)
      expect(chosen(method, path)?.to, `${method} ${path}`).toBe("admin")
    expect(chosen("GET", "/v1/groups/g/nothing")?.to).toBe("poll")
  })

  it("lets in without a signature nothing but preflights, and those of all routes", () => {
    for (const path of all.flatMap(pathsOf)) {
      for (const method of METHODS) expect(chosen(method, path)?.open, `${method} ${path}`).toBe(method === "OPTIONS")
      expect(chosen("OPTIONS", path)?.to).toBe("admin")
    }
  })
})

describe("the tree of a REST API", () => {
  const paths = restResources().map(({ path }) => path)

  it("holds each resource once, after its parent", () => {
    expect(new Set(paths).size).toBe(paths.length)
    for (const path of paths.filter((each) => each !== "/")) {
      const parent = path.slice(0, path.lastIndexOf("/")) || "/"
      expect(paths.indexOf(parent), path).toBeGreaterThanOrEqual(0)
      expect(paths.indexOf(parent), path).toBeLessThan(paths.indexOf(path))
    }
  })

  it("gives no resource two children whose names vary, which API Gateway refuses", () => {
    const parents = paths.filter((path) => /\{[^/]*\}$/.test(path)).map((path) => path.slice(0, path.lastIndexOf("/")))
    expect(new Set(parents).size).toBe(parents.length)
  })
})
