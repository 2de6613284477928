/** Appends that nudge upkeep, where somebody listens. */
import { openNudges } from "../compose/open-nudges.ts"
import type { ServiceOptions } from "../compose/service-options.ts"
import { reportNoNudge } from "./report.ts"
import { type Environment, nudgesTopicArn } from "./settings.ts"

export function nudgeUpkeep(environment: Environment): Pick<ServiceOptions, "nudges"> {
  const arn = nudgesTopicArn(environment)
  return arn === undefined ? {} : { nudges: openNudges(arn, reportNoNudge) }
}
