/** The function that keeps the log in order: schedules call it, and nudges of busy partitions. */
import { openUpkeep } from "../compose/functions/open-upkeep.ts"
import { around, reportUnrecorded } from "./report.ts"
import { recordsOptions, upkeepSettings } from "./settings.ts"
import { type UpkeepHandler, upkeepHandler } from "./upkeep-handler.ts"

const { env } = process
const upkeep = openUpkeep({ ...recordsOptions(env), upkeep: upkeepSettings(env), unrecorded: reportUnrecorded })

const keepHouse = upkeepHandler(upkeep)

export const handler: UpkeepHandler = (event, context) => around(context.awsRequestId, () => keepHouse(event, context))
