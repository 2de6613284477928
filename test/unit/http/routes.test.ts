import { routes } from "stratalog/protocol"
import { afterAll, describe, expect, it } from "vitest"
import { openGate } from "../../../functions/http/access/gate.ts"
import { allEndpoints } from "../../../functions/http/endpoints/all.ts"
import { WaitingReaders } from "../../../functions/http/records/patience.ts"
import { openHttpApi } from "../../fakes/http-api.ts"

const api = openHttpApi()
afterAll(() => api.dispose())

describe("the endpoints", () => {
  it("are one for each route", () => {
    const served = allEndpoints({
      ...api.deps,
      waiting: new WaitingReaders({ most: 1, mostOfOne: 1 }),
      gate: openGate,
    }).map(({ route }) => route)
    const ids = served.map(({ id }) => id)
    expect(ids.toSorted()).toEqual(Object.keys(routes).toSorted())
    for (const route of served) expect(route).toBe(routes[route.id as keyof typeof routes])
  })

  it("have paths and methods of their own", () => {
    const places = Object.values(routes).map(({ method, path }) => `${method} ${path.replace(/\{\w+\}/g, "{}")}`)
    expect(new Set(places).size).toBe(places.length)
  })

  it("have the parameters that their paths name", () => {
    for (const { path, params } of Object.values(routes)) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1])
      expect(Object.keys(params.shape)).toEqual(named)
    }
  })

  it("are known under their id", () => {
    for (const [id, route] of Object.entries(routes)) expect(route.id).toBe(id)
  })
})
