import { expect, it } from "vitest"
import { BodyBudget } from "../../../../functions/server/bounds/body-budget.ts"

it("lets bodies wait in order while the bound is reached, and in as soon as it is not", () => {
  const budget = new BodyBudget(100)
  const started: string[] = []
  budget.enter(() => started.push("a"))
  budget.hold(100)
  for (const name of ["b", "c"]) budget.enter(() => started.push(name))
  expect(started).toEqual(["a"])
  budget.release(1)
  expect(started).toEqual(["a", "b", "c"])
  expect(budget.waiting).toBe(0)
})

it("fills up again with the first that waited", () => {
  const budget = new BodyBudget(100)
  const started: string[] = []
  budget.hold(150)
  for (const name of ["a", "b"]) {
    budget.enter(() => {
      started.push(name)
      budget.hold(100)
    })
  }
  budget.release(60)
  expect(started).toEqual(["a"])
  budget.release(190)
  expect(started).toEqual(["a", "b"])
})
