/** The error answers of a route, by status. */
import {
  accessErrors,
  bodyErrors,
  commonErrors,
  type ErrorCode,
  errorKinds,
  PROBLEM_TYPE,
  type Route,
} from "stratalog/protocol"
import type { ZodOpenApiResponseObject } from "zod-openapi"

/** Every error that a route may answer, in the order of the table. */
export function errorsOf(route: Route): readonly ErrorCode[] {
  const all = new Set<ErrorCode>([
    ...route.errors,
    ...commonErrors,
    ...(route.body === undefined ? [] : bodyErrors),
    ...(route.access === "open" ? [] : accessErrors),
  ])
  return errorCodes.filter((code) => all.has(code))
}

const errorCodes = Object.keys(errorKinds) as readonly ErrorCode[]

export function errorResponses(route: Route): Record<`${4 | 5}${string}`, ZodOpenApiResponseObject> {
  const byStatus = Map.groupBy(errorsOf(route), (code) => errorKinds[code].status)
  return Object.fromEntries([...byStatus].map(([status, codes]) => [status, errorResponse(codes)]))
}

function errorResponse(codes: readonly ErrorCode[]): ZodOpenApiResponseObject {
  const description = codes.map((code) => `- \`${code}\`: ${errorKinds[code].help}`).join("\n")
  const passing = codes.some((code) => [429, 503].includes(errorKinds[code].status))
  return {
    description,
    ...(passing && { headers: { "Retry-After": { description: "Seconds to wait", schema: { type: "integer" } } } }),
    content: { [PROBLEM_TYPE]: { schema: problemWith(codes) } },
  }
}

function problemWith(codes: readonly ErrorCode[]) {
  return { allOf: [{ $ref: "#/components/schemas/Problem" }, { properties: { code: { enum: [...codes] } } }] }
}
