/** What every answer has to keep: the schemas of the routes and the table of errors. */
import assert from "node:assert/strict"
import {
  accessErrors,
  bodyErrors,
  commonErrors,
  type ErrorCode,
  errorKinds,
  isErrorCode,
  type Problem,
  problemSchema,
  type Route,
  type RouteId,
  routes,
} from "stratalog/protocol"
import type { Answer } from "./http.ts"

export function describeAnswer(answer: Answer): string {
  const { request } = answer
  const sent = typeof request.body === "string" ? ` ${shorten(request.body)}` : ""
  return `${request.method} ${shorten(request.path)}${sent} -> ${answer.status} ${shorten(answer.text)}`
}

function shorten(text: string): string {
  return text.length > 600 ? `${text.slice(0, 600)}... (${text.length} characters)` : text
}

export function jsonOf(answer: Answer): unknown {
  try {
    return JSON.parse(answer.text)
  } catch {
    return assert.fail(`not JSON: ${describeAnswer(answer)}`)
  }
}

/** An error answer says the same as the table of errors, in every field, whatever went wrong. */
export function assertProblem(answer: Answer, code?: ErrorCode): Problem {
  const what = describeAnswer(answer)
  assert.match(answer.headers["content-type"] ?? "", /^application\/problem\+json/, what)
  const parsed = problemSchema.safeParse(jsonOf(answer))
  assert.ok(parsed.success, `${parsed.error}: ${what}`)
  const body = parsed.data
  if (code !== undefined) assert.equal(body.code, code, what)
  assert.ok(isErrorCode(body.code), what)
  const kind = errorKinds[body.code]
  assert.equal(answer.status, kind.status, `status: ${what}`)
  assert.equal(body.status, kind.status, `status in the body: ${what}`)
  assert.equal(body.title, kind.title, `title: ${what}`)
  assert.equal(body.retryable, kind.retryable, `retryable: ${what}`)
  assert.equal(body.sideEffects, kind.sideEffects, `sideEffects: ${what}`)
  assert.ok(body.type.endsWith(`#${body.code}`), `type: ${what}`)
  assert.notEqual(body.detail.trim(), "", `detail: ${what}`)
  if (kind.status === 429 || kind.status === 503) assert.ok(answer.headers["retry-after"], `Retry-After: ${what}`)
  return body
}

/** A problem inside a 207 keeps the table too. */
export function assertEmbeddedProblem(value: unknown, code: ErrorCode): Problem {
  const body = problemSchema.parse(value)
  assert.equal(body.code, code, JSON.stringify(value))
  const { status, title, retryable, sideEffects } = errorKinds[code]
  assert.deepEqual(
    { status: body.status, title: body.title, retryable: body.retryable, sideEffects: body.sideEffects },
    { status, title, retryable, sideEffects },
  )
  return body
}

/** The errors that the description of a route allows. */
export function errorsOf(route: Route): ReadonlySet<ErrorCode> {
  const access: readonly ErrorCode[] = route.access === "open" ? [] : accessErrors
  return new Set([...route.errors, ...commonErrors, ...access, ...(route.body === undefined ? [] : bodyErrors)])
}

/** The answer is one that the route's description has: a success of its schema, or one of its errors. */
export function assertContract(id: RouteId, answer: Answer): void {
  const route: Route = routes[id]
  const success = route.responses[answer.status]
  if (success === undefined) {
    const body = assertProblem(answer)
    assert.ok(errorsOf(route).has(body.code), `${id} does not list ${body.code}: ${describeAnswer(answer)}`)
    return
  }
  const type = (answer.headers["content-type"] ?? "").split(";")[0] ?? ""
  if (success.json === undefined) {
    assert.equal(answer.bytes.length, 0, `no body was to come: ${describeAnswer(answer)}`)
  } else if (!(success.alsoAs ?? []).includes(type)) {
    assert.equal(type, "application/json", describeAnswer(answer))
    const parsed = success.json.safeParse(jsonOf(answer))
    assert.ok(parsed.success, `${parsed.error}: ${describeAnswer(answer)}`)
  }
}
