import assert from "node:assert/strict"
import { errorKinds, type Route, routes } from "stratalog/protocol"
import { conformanceCase } from "../case.ts"
import type { CaseContext } from "../context.ts"
import { errorsOf } from "../contract.ts"

interface Operation {
  readonly operationId: string
  readonly parameters?: readonly {
    readonly name: string
    readonly in: string
    readonly required?: boolean
    readonly schema?: unknown
  }[]
  readonly requestBody?: { readonly content: Readonly<Record<string, unknown>> }
  readonly responses: Readonly<
    Record<string, { readonly description: string; readonly content?: Readonly<Record<string, unknown>> }>
  >
}

interface OpenApi {
  readonly openapi: string
  readonly info: { readonly title: string; readonly version: string }
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

async function openApi(context: CaseContext): Promise<OpenApi> {
  const answer = await context.raw({ method: "GET", path: "/openapi.json" })
  assert.equal(answer.status, 200)
  assert.match(answer.headers["content-type"] ?? "", /^application\/(json|vnd\.oai\.openapi\+json)/)
  return JSON.parse(answer.text)
}

/** Every `$ref` of a document, wherever it stands. */
function refsIn(value: unknown): string[] {
  if (typeof value !== "object" || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) =>
    name === "$ref" && typeof inner === "string" ? [inner] : refsIn(inner),
  )
}

function resolve(document: unknown, pointer: string): unknown {
  const steps = pointer
    .split("/")
    .slice(1)
    .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"))
  return steps.reduce<unknown>(
    (part, step) => (typeof part === "object" && part !== null ? Reflect.get(part, step) : undefined),
    document,
  )
}

function assertOperation(route: Route, operation: Operation | undefined): void {
  const what = `${route.method} ${route.path}`
  assert.ok(operation !== undefined, `${what} is missing`)
  assert.equal(operation.operationId, route.id)
  const named = (where: string) => (operation.parameters ?? []).filter((each) => each.in === where)
  assert.deepEqual(
    named("path")
      .map((each) => each.name)
      .sort(),
    Object.keys(route.params.shape).sort(),
    what,
  )
  for (const each of named("path")) assert.equal(each.required, true, what)
  assert.deepEqual(
    named("query")
      .map((each) => each.name)
      .sort(),
    Object.keys(route.query.shape).sort(),
    what,
  )
  for (const each of operation.parameters ?? []) assert.ok(each.schema !== undefined, `${what} ${each.name}`)
  assert.equal(operation.requestBody !== undefined, route.body !== undefined, what)
  const statuses = new Set([
    ...Object.keys(route.responses),
    ...[...errorsOf(route)].map((code) => `${errorKinds[code].status}`),
  ])
  for (const status of statuses)
    assert.ok(operation.responses[status] !== undefined || operation.responses["default"], `${what} ${status}`)
  for (const [status, response] of Object.entries(operation.responses)) {
    assert.equal(typeof response.description, "string", `${what} ${status}`)
    if (Number(status) >= 400) assert.ok(response.content?.["application/problem+json"], `${what} ${status}`)
  }
}

export const documentCases = [
  conformanceCase("openapi.json describes every route, in OpenAPI 3.1", [], [], async (context) => {
    const document = await openApi(context)
    assert.match(document.openapi, /^3\.1\.\d+$/)
    assert.ok(document.info.title && document.info.version)
    for (const route of Object.values<Route>(routes)) {
      assertOperation(route, document.paths[route.path]?.[route.method.toLowerCase()])
    }
    const ids = Object.values(document.paths).flatMap((item) =>
      Object.values(item).map((operation) => operation.operationId),
    )
    assert.equal(new Set(ids).size, ids.length, "operation ids are unique")
    for (const ref of refsIn(document)) assert.ok(resolve(document, ref) !== undefined, `${ref} leads nowhere`)
  }),

  conformanceCase("the reference and the errors' page are HTML", [], [], async (context) => {
    for (const path of ["/docs", "/docs/errors"]) {
      const answer = await context.raw({ method: "GET", path, headers: { accept: "text/html,*/*;q=0.8" } })
      assert.equal(answer.status, 200, path)
      assert.match(answer.headers["content-type"] ?? "", /^text\/html/)
      assert.match(answer.text, /<html/i)
    }
    const { text } = await context.raw({ method: "GET", path: "/docs/errors" })
    for (const code of Object.keys(errorKinds)) assert.ok(text.includes(`id="${code}"`), `no anchor for ${code}`)
  }),
]
