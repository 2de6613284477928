/** The function that the schedules call. */
import { portableCodecs } from "stratalog/record-batch"
import { openAws } from "../compose/open-aws.ts"
import { lambdaLimits } from "./limits.ts"
import { functionSettings } from "./settings.ts"
import { upkeepHandler } from "./upkeep-handler.ts"

const { version, corsOrigins: _, ...where } = functionSettings(process.env)
const { upkeep } = openAws({ ...where, version, limits: lambdaLimits, codecs: portableCodecs() })

export const handler = upkeepHandler(upkeep)
