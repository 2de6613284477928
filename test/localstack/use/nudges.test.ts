/** A busy partition asks for upkeep: its segments are made by a run that no schedule asked for. */
import { afterAll, beforeAll, expect, it } from "vitest"
import { functionLog } from "../../../tools/localstack/function-logs.ts"
import {
  type DeployedFunction,
  functionsOf,
  setVariables,
  upkeepFunctionOf,
} from "../../../tools/localstack/functions.ts"
import { aws, deployment, log, newName } from "../deployment.ts"

const SECONDS = 1_000
const NUDGE_BYTES = 50_000
const RECORD_BYTES = 900
/** Some more than two nudges ask for. */
const RECORDS = 130

let produce: DeployedFunction
let upkeep: DeployedFunction

/** No test appends megabytes, or waits for a quarter of an hour. */
beforeAll(async () => {
  const found = (await functionsOf(aws, deployment.table)).find(({ variables }) => variables["STRATALOG_NUDGES_TOPIC"])
  if (found === undefined) throw new Error("no function can nudge upkeep")
  produce = found
  upkeep = await upkeepFunctionOf(aws, deployment.table)
  await setVariables(aws, produce, { STRATALOG_NUDGE_BYTES: `${NUDGE_BYTES}` })
  await setVariables(aws, upkeep, { STRATALOG_MIN_TIER_AGE_MS: "1" })
}, 120 * SECONDS)

afterAll(async () => {
  await setVariables(aws, produce, { STRATALOG_NUDGE_BYTES: "" })
  await setVariables(aws, upkeep, { STRATALOG_MIN_TIER_AGE_MS: "" })
}, 120 * SECONDS)

it("is looked after alone, reads as before, and upkeep tells of it", async () => {
  const began = Date.now()
  const runsBefore = (await nudgedRuns()).length
  const topic = log.topic(newName("nudged"))
  await log.topics.create(topic.name, { partitions: 2, config: { "segment.bytes": 20_000 } })
  for (let count = 0; count < RECORDS; count += 1) {
    await topic.produce([{ value: "x".repeat(RECORD_BYTES) }], { partition: 1 })
  }
  const segments = async () => {
    const runs = (await nudgedRuns()).slice(runsBefore)
    return runs.reduce((sum, { tieredSegments }) => sum + tieredSegments, 0)
  }
  await expect.poll(segments, { timeout: 120 * SECONDS, interval: SECONDS }).toBeGreaterThan(1)
  const { lastNudge } = await log.upkeep()
  expect(lastNudge).toMatchObject({ partitions: 1, failures: { count: 0 } })
  expect(lastNudge?.endedAt).toBeGreaterThanOrEqual(began)
  let read = 0
  for await (const { value } of topic.read({ partition: 1 })) {
    expect(value).toHaveLength(RECORD_BYTES)
    read += 1
  }
  expect(read).toBe(RECORDS)
})

/** What upkeep logged of the runs that it was nudged to. */
async function nudgedRuns(): Promise<readonly { readonly tieredSegments: number }[]> {
  const lines = await functionLog(aws, upkeep.name)
  return lines.filter((line) => line.includes('"nudged":true')).map((line) => JSON.parse(line))
}
