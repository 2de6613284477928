/** GET /v1/upkeep */
import { serviceRoutes, type UpkeepStatus } from "stratalog/protocol"
import type { UpkeepRecord } from "../../segments/upkeep/records.ts"
import { serviceRules } from "../access/rules.ts"
import type { AdminDependencies } from "../dependencies.ts"
import { endpoint } from "../endpoint.ts"
import { json, problemResponse } from "../exchange.ts"
import { unavailable } from "../problems.ts"
import { fresh } from "./live.ts"

export function upkeepEndpoint({ upkeepRecords }: Pick<AdminDependencies, "upkeepRecords">) {
  return endpoint(serviceRoutes.upkeep, serviceRules.upkeep, async () => {
    const outcome = await upkeepRecords.read()
    if (outcome.kind === "unavailable") return problemResponse(unavailable(outcome))
    return json(200, statusOf(outcome.record), fresh)
  })
}

function statusOf({ lastRun, lastRound, lastSweep, lastNudge }: UpkeepRecord): UpkeepStatus {
  return {
    lastRun: lastRun ?? null,
    lastRound: lastRound ?? null,
    lastSweep: lastSweep ?? null,
    lastNudge: lastNudge ?? null,
  }
}
