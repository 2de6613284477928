import assert from "node:assert/strict"
import { type Method, type Route, routes } from "stratalog/protocol"
import { conformanceCase, only, withoutGateway } from "../case.ts"
import { describeAnswer } from "../contract.ts"

const METHODS: readonly Method[] = ["GET", "PUT", "POST", "PATCH", "DELETE"]

/** Every path of the API and the methods that it takes. */
function methodsByPath(): Map<string, Set<string>> {
  const paths = new Map<string, Set<string>>()
  for (const route of Object.values<Route>(routes)) {
    paths.set(route.path, (paths.get(route.path) ?? new Set()).add(route.method))
  }
  return paths
}

function allowed(header: string | undefined): string[] {
  return (header ?? "")
    .split(",")
    .map((method) => method.trim())
    .filter((method) => method !== "")
}

export const methodCases = [
  conformanceCase(
    "a wrong method is refused with those that are allowed, on every path",
    [],
    ["method_not_allowed"],
    async (context) => {
      for (const [template, methods] of methodsByPath()) {
        const path = template.replaceAll(/\{partition\}/g, "0").replaceAll(/\{\w+\}/g, context.newName())
        for (const method of METHODS.filter((each) => !methods.has(each))) {
          const answer = await context.raw({
            method,
            path,
            headers: { "content-type": "application/json" },
            body: "{}",
          })
          context.problem(answer, "method_not_allowed")
          for (const each of methods) assert.ok(allowed(answer.headers.allow).includes(each), describeAnswer(answer))
          assert.ok(!allowed(answer.headers.allow).includes(method), describeAnswer(answer))
        }
      }
    },
  ),

  conformanceCase("an unknown path is a problem, whatever the method", [], ["route_not_found"], async (context) => {
    for (const path of [
      "/v1",
      "/v1/",
      "/v2/topics",
      "/v1/topic",
      "/v1/topics/a/b/c/d/e",
      "/v1//topics",
      "/nothing",
      "/v1/topics/",
    ]) {
      for (const method of ["GET", "POST", "DELETE"])
        context.problem(await context.raw({ method, path }), "route_not_found")
    }
  }),

  conformanceCase("HEAD answers like GET, without a body", ["describeTopic"], [], async (context) => {
    const topic = await context.newTopic(1)
    const found = await context.raw({ method: "HEAD", path: `/v1/topics/${topic}` })
    assert.deepEqual([found.status, found.bytes.length], [200, 0])
    assert.match(found.headers["content-type"] ?? "", /^application\/json/)
    const missing = await context.raw({ method: "HEAD", path: `/v1/topics/${context.newName()}` })
    assert.deepEqual([missing.status, missing.bytes.length], [404, 0])
    const records = await context.raw({ method: "HEAD", path: `/v1/topics/${topic}/partitions/0/records` })
    assert.deepEqual([records.status, records.headers["stratalog-high-watermark"]], [200, "0"])
    await context.call("describeTopic", 200, { params: { topic } })
  }),

  conformanceCase("OPTIONS says what a path takes and does nothing", ["describeTopic"], [], async (context) => {
    const topic = await context.newTopic(1)
    const answer = await context.raw({ method: "OPTIONS", path: `/v1/topics/${topic}` })
    assert.ok([200, 204, 405].includes(answer.status), describeAnswer(answer))
    for (const method of ["GET", "PUT", "PATCH", "DELETE"]) {
      assert.ok(
        allowed(answer.headers.allow ?? answer.headers["access-control-allow-methods"]).includes(method),
        describeAnswer(answer),
      )
    }
    await context.call("describeTopic", 200, { params: { topic } })
  }),

  only(
    withoutGateway,
    conformanceCase("methods that nobody knows", [], ["method_not_allowed"], async (context) => {
      const topic = await context.newTopic(1)
      for (const method of ["PROPFIND", "LOCK", "TRACE"]) {
        const answer = await context.raw({ method, path: `/v1/topics/${topic}` })
        context.problem(answer, "method_not_allowed")
      }
    }),
  ),

  only(
    withoutGateway,
    conformanceCase("headers beyond the limit", [], ["headers_too_large"], async (context) => {
      const answer = await context.raw({
        method: "GET",
        path: "/v1/limits",
        headers: { "x-long": "x".repeat(200_000) },
      })
      context.problem(answer, "headers_too_large")
    }),
  ),
]
