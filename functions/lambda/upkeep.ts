/** The function that keeps the log in order. */
import { openUpkeep } from "../compose/open-upkeep.ts"
import { reportUnrecorded } from "./report.ts"
import { bucketOptions, tableOptions } from "./settings.ts"
import { upkeepHandler } from "./upkeep-handler.ts"

const { env } = process
const upkeep = openUpkeep({ ...tableOptions(env), ...bucketOptions(env), unrecorded: reportUnrecorded })

export const handler = upkeepHandler(upkeep)
