import { type ErrorCode, errorKinds, routes } from "stratalog/protocol"
import { describe, expect, it } from "vitest"
import { cases } from "./cases/index.ts"
import { unprovocable } from "./coverage.ts"

describe("the conformance suite covers the contract", () => {
  it("calls every route", () => {
    const called = new Set<string>(cases.flatMap((each) => each.routes))
    expect(Object.keys(routes).filter((id) => !called.has(id))).toEqual([])
  })

  it("provokes every error that a client can provoke, and gives a reason for the others", () => {
    const provoked = new Set<string>(cases.flatMap((each) => each.errors))
    const missing = (Object.keys(errorKinds) as ErrorCode[]).filter((code) => !provoked.has(code))
    expect(missing.sort()).toEqual(Object.keys(unprovocable).sort())
  })

  it("gives every case a name of its own", () => {
    const names = cases.map((each) => each.name)
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([])
  })
})
