import { expect, it } from "vitest"
import { refusedCallers } from "../../../../functions/server/access/refused-callers.ts"

it("so many refused callers a minute are told, and how many were not", () => {
  const lines: Readonly<Record<string, unknown>>[] = []
  let now = 0
  const refused = refusedCallers(
    (line) => lines.push(line),
    () => now,
  )
  const guess = (times: number) => {
    for (let guessed = 0; guessed < times; guessed++)
      refused({ event: "key_refused", key: "k1", reason: "unknown", requestId: "r1" })
  }
  guess(1)
  expect(lines).toEqual([{ level: "warn", event: "key_refused", key: "k1", reason: "unknown", requestId: "r1" }])
  guess(10_000)
  expect(lines).toHaveLength(20)
  // What else is refused is told all the same.
  refused({ event: "issuer_unreachable", detail: "Away.", requestId: "r2" })
  expect(lines.pop()).toEqual({ level: "warn", event: "issuer_unreachable", detail: "Away.", requestId: "r2" })
  now += 59_999
  guess(1)
  expect(lines).toHaveLength(20)
  now += 1
  guess(2)
  expect(lines).toHaveLength(22)
  expect(lines[20]).toMatchObject({ unreported: 9_982 })
  expect(lines[21]).not.toHaveProperty("unreported")
})
