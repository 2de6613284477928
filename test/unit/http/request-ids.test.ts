import { afterAll, expect, it } from "vitest"
import { openHttpApi } from "../../fakes/http-api.ts"

const api = openHttpApi()
afterAll(() => api.dispose())

it.each([
  ["GET", "/v1/topics/none", "topic_not_found"],
  ["GET", "/v1/groups/none", "group_not_found"],
  ["GET", "/v1/topics/none/partitions/0/records", "topic_not_found"],
  ["GET", "/v1/topics?limit=none", "invalid_request"],
  ["GET", "/v1/keys", "access_control_off"],
  ["GET", "/none", "route_not_found"],
  ["POST", "/v1/topics", "method_not_allowed"],
])("%s %s says to which request its error belongs", async (method, path, code) => {
  const response = await api.send(method, path, { headers: { "x-request-id": "mine" } })
  const problem = (await response.json()) as object
  expect(problem).toMatchObject({ code, requestId: "mine" })
  expect(response.headers.get("x-request-id")).toBe("mine")
  // Once, and the rest as it was.
  expect(Object.keys(problem)).toEqual(expect.arrayContaining(["type", "title", "status", "detail", "retryable"]))
})
