/** A rule of EventBridge fires upkeep: what a topic no longer keeps is gone, and nobody has asked for it. */
import { expect, it } from "vitest"
import { upkeepFunctionOf } from "../../../tools/localstack/functions.ts"
import { deleteRule, putRule, rulesOf } from "../../../tools/localstack/rules.ts"
import { aws, deployment, log, newName } from "../deployment.ts"

it("retention runs when its rule says so", async () => {
  const upkeep = await upkeepFunctionOf(aws, deployment.table)
  const deployed = (await rulesOf(aws, upkeep.name)).find(({ schedule }) => schedule === "rate(1 hour)")
  if (deployed === undefined) throw new Error("no rule calls the function each hour")
  const topic = newName("short")
  await log.topics.create(topic, { partitions: 1, config: { "retention.ms": 1 } })
  await log.topic(topic).produce([{ value: 1 }, { value: 2 }])
  // What the deployment's rule sends, as no test waits for an hour.
  const rule = { ...deployed, name: newName("test-upkeep"), schedule: "rate(1 minute)" }
  await putRule(aws, rule)
  try {
    const begins = async () => (await log.topic(topic).offsets())[0]?.logStartOffset
    await expect.poll(begins, { timeout: 240_000, interval: 2_000 }).toBe(2)
  } finally {
    await deleteRule(aws, rule)
  }
})
