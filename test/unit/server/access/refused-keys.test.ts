import { expect, it } from "vitest"
import { refusedKeys } from "../../../../functions/server/access/refused-keys.ts"

it("so many refused keys a minute are told, and how many were not", () => {
  const lines: Readonly<Record<string, unknown>>[] = []
  let now = 0
  const refused = refusedKeys(
    (line) => lines.push(line),
    () => now,
  )
  const guess = (times: number) => {
    for (let guessed = 0; guessed < times; guessed++) refused({ id: "k1", reason: "unknown", requestId: "r1" })
  }
  guess(1)
  expect(lines).toEqual([{ level: "warn", event: "key_refused", key: "k1", reason: "unknown", requestId: "r1" }])
  guess(10_000)
  expect(lines).toHaveLength(20)
  now += 59_999
  guess(1)
  expect(lines).toHaveLength(20)
  now += 1
  guess(2)
  expect(lines).toHaveLength(22)
  expect(lines[20]).toMatchObject({ unreported: 9_982 })
  expect(lines[21]).not.toHaveProperty("unreported")
})
