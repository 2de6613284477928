/** The function that keeps the log in order: schedules call it, and nudges of busy partitions. */
import { openUpkeep } from "../compose/open-upkeep.ts"
import { reportUnrecorded } from "./report.ts"
import { bucketOptions, tableOptions, upkeepSettings } from "./settings.ts"
import { upkeepHandler } from "./upkeep-handler.ts"

const { env } = process
const upkeep = openUpkeep({
  ...tableOptions(env),
  ...bucketOptions(env),
  upkeep: upkeepSettings(env),
  unrecorded: reportUnrecorded,
})

export const handler = upkeepHandler(upkeep)
