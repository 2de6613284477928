/** The function that keeps the log in order: schedules call it, and nudges of busy partitions. */
import { openUpkeep } from "../compose/functions/open-upkeep.ts"
import { openEyes } from "./eyes.ts"
import { reportUnrecorded } from "./report.ts"
import { recordsOptions, upkeepSettings } from "./settings.ts"
import { type UpkeepHandler, upkeepHandler } from "./upkeep-handler.ts"

const { env } = process
const eyes = openEyes(env)
const upkeep = openUpkeep({
  ...recordsOptions(env),
  observer: eyes.storage,
  upkeep: upkeepSettings(env),
  unrecorded: reportUnrecorded,
})

const keepHouse = upkeepHandler(upkeep)

export const handler: UpkeepHandler = (event, context) =>
  eyes.invocation(context.awsRequestId, () => keepHouse(event, context))
