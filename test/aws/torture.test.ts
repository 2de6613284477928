import { randomInt } from "node:crypto"
import { rm } from "node:fs/promises"
import { dirname } from "node:path"
import { afterAll, beforeAll, expect, it } from "vitest"
import type { AnomalyKind } from "../checker/anomaly.ts"
import { runAwsTorture } from "../torture/aws/run-aws-torture.ts"
import { type StartedStores, startStores } from "../torture/aws/stores.ts"
import { describeReport } from "../torture/report.ts"
import { describeOnDynamoDb, dynamoDbEndpoint } from "./dynamodb.ts"

const LIMIT_MS = 300_000

describeOnDynamoDb("servers on one table and one bucket that are killed and paused again and again", () => {
  let stores: StartedStores
  beforeAll(async () => {
    stores = await startStores(dynamoDbEndpoint())
  })
  afterAll(() => stores.stop())

  it("lose nothing, double nothing and move nothing", { timeout: LIMIT_MS }, async () => {
    const seed = randomInt(2 ** 31)
    const report = await runAwsTorture({ rounds: 1, seed, stores })
    expect(report.failure, describeReport(report, seed)).toBeUndefined()
  })

  const bugs: readonly (readonly [string, AnomalyKind])[] = [
    ["sends-again", "duplicate"],
    ["stale-heads", "stale-read"],
  ]
  for (const [bug, kind] of bugs) {
    it(`are found out with the bug ${bug}, by the name ${kind}`, { timeout: LIMIT_MS }, async () => {
      const seed = randomInt(2 ** 31)
      const report = await runAwsTorture({ rounds: 9, seed, stores, bug, until: kind })
      const { failure } = report
      if (failure !== undefined) await rm(dirname(failure.history), { recursive: true, force: true })
      const kinds = failure?.anomalies.map((anomaly) => anomaly.kind)
      expect(kinds, describeReport(report, seed)).toContain(kind)
    })
  }
})
