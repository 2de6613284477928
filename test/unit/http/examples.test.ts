import { type Route, routes } from "stratalog/protocol"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { callerOf } from "../../../functions/access/caller.ts"
import {
  EXAMPLE_CALLER,
  EXAMPLE_TIME,
  EXAMPLE_TOPIC_ID,
  type Example,
  examples,
  exampleUpkeep,
} from "../../../functions/http/openapi/examples.ts"
import { accessControl } from "../../fakes/access-control.ts"
import { openHttpApi } from "../../fakes/http-api.ts"

const { principal, superUser, key } = EXAMPLE_CALLER
const api = openHttpApi(
  {
    topicIds: { next: () => EXAMPLE_TOPIC_ID },
    access: accessControl({ unguessable: (bytes) => new Uint8Array(bytes).fill(1) }),
  },
  {},
  {},
  () => callerOf({ name: principal, superUser }, [], { kind: "key", id: key }),
)
api.storage.clock.time = EXAMPLE_TIME
beforeAll(async () => {
  const { codes, first, ...failures } = exampleUpkeep.lastRun.failures
  const lastRun = { ...exampleUpkeep.lastRun, failures: { ...failures, codes: [...codes], first: [...first] } }
  await api.storage.upkeepRecords.write({ ...exampleUpkeep, lastRun })
})
afterAll(() => api.dispose())

const table: Readonly<Record<string, Route>> = routes

/** One after another: they are one story. */
describe("the examples of the API document", () => {
  for (const [id, example] of Object.entries(examples)) {
    if (example === undefined) continue
    it(`${id} answers what it says`, async () => {
      const response = await play(table[id], example)
      expect(response.status).toBe(example.status)
      const text = await response.text()
      expect(text === "" ? undefined : JSON.parse(text)).toEqual(example.answer)
    })
  }

  it("cover every route that takes parameters or a body", () => {
    const without = Object.keys(routes).filter((id) => examples[id] === undefined)
    expect(without.sort()).toEqual(["limits", "live", "ready"])
  })
})

function play(route: Route | undefined, { params = {}, query = {}, body }: Example): Promise<Response> {
  if (route === undefined) throw new Error("an example of no route")
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? "")
  return api.send(route.method, `${path}?${new URLSearchParams(query)}`, body === undefined ? {} : { json: body })
}
