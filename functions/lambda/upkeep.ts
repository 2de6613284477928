/** The function that keeps the log in order: schedules call it, and nudges of busy partitions. */
import { openUpkeep } from "../compose/functions/open-upkeep.ts"
import { openEyes } from "./eyes.ts"
import { report, reportUnrecorded } from "./report.ts"
import { deployment, recordsOptions, upkeepSettings } from "./settings.ts"
import { tellLag } from "./tell-lag.ts"
import { tellUpkeep } from "./tell-upkeep.ts"
import { type UpkeepHandler, upkeepHandler } from "./upkeep-handler.ts"

const { env } = process
const eyes = openEyes(env)
const told = { deployment: deployment(env), now: Date.now, say: report }
const { lagOf, ...upkeep } = openUpkeep({
  ...recordsOptions(env),
  observer: eyes.storage,
  upkeep: upkeepSettings(env),
  unrecorded: reportUnrecorded,
  ...(isAskedFor(told) && { recorded: tellUpkeep(told) }),
})

const keepHouse = upkeepHandler({
  ...upkeep,
  ...(isAskedFor(told) && { tellLag: (groups) => tellLag(groups, { ...told, lagOf }) }),
})

export const handler: UpkeepHandler = (event, context) =>
  eyes.invocation(context.awsRequestId, () => keepHouse(event, context))

/** By alarms, a dashboard or `metrics`. */
function isAskedFor<T extends { readonly deployment: string | undefined }>(
  parts: T,
): parts is T & { readonly deployment: string } {
  return parts.deployment !== undefined
}
