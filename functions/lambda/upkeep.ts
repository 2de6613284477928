/** The function that the schedules call. */
import { portableCodecs } from "stratalog/record-batch"
import { openAws } from "../compose/open-aws.ts"
import { recordedUpkeep } from "../compose/recorded-upkeep.ts"
import { lambdaLimits } from "./limits.ts"
import { reportUnrecorded } from "./report.ts"
import { functionSettings } from "./settings.ts"
import { upkeepHandler } from "./upkeep-handler.ts"

const { version, corsOrigins: _, ...where } = functionSettings(process.env)
const { deps, upkeep } = openAws({ ...where, version, limits: lambdaLimits, codecs: portableCodecs() })
const { upkeepRecords: records, clock } = deps

export const handler = upkeepHandler(recordedUpkeep(upkeep, { records, clock, unrecorded: reportUnrecorded }))
