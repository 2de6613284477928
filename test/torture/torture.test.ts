import { randomInt } from "node:crypto"
import { rm } from "node:fs/promises"
import { dirname } from "node:path"
import { describe, expect, it } from "vitest"
import type { AnomalyKind } from "../checker/anomaly.ts"
import { describeReport, type TortureReport } from "./report.ts"
import { runTorture } from "./run-torture.ts"

const LIMIT_MS = 180_000

async function removeFiles({ failure }: TortureReport): Promise<void> {
  if (failure !== undefined) await rm(dirname(failure.history), { recursive: true, force: true })
}

describe("a server that is killed again and again", () => {
  it("loses nothing, doubles nothing and moves nothing", { timeout: LIMIT_MS }, async () => {
    const seed = randomInt(2 ** 31)
    const report = await runTorture({ rounds: 3, seed })
    expect(report.failure, describeReport(report, seed)).toBeUndefined()
  })

  const bugs: readonly (readonly [string, AnomalyKind])[] = [
    ["ack-before-write", "lost-write"],
    ["lose-last-batch", "lost-write"],
    ["offset-twice", "inconsistent-offsets"],
    ["accept-torn-tail", "phantom"],
    ["forget-producers", "phantom"],
  ]
  for (const [bug, kind] of bugs) {
    it(`is found out with the bug ${bug}, by the name ${kind}`, { timeout: LIMIT_MS }, async () => {
      const seed = randomInt(2 ** 31)
      const report = await runTorture({ rounds: 30, seed, bug, until: kind })
      await removeFiles(report)
      const kinds = report.failure?.anomalies.map((anomaly) => anomaly.kind)
      expect(kinds, describeReport(report, seed)).toContain(kind)
    })
  }
})
