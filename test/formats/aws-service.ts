import { limits } from "stratalog/protocol"
import { apiService, type ServiceParts } from "../aws/api-service.ts"
import { EAGER_UPKEEP, type Service, sender } from "./service.ts"

/** The log in a table and a bucket. `skewMs`: by how much the clock of its groups is ahead. */
export function openAwsService(parts: ServiceParts, skewMs = 0): Service {
  const settings = { rollInBackground: false }
  const { deps, upkeep } = apiService(parts, { limits, settings, upkeep: EAGER_UPKEEP, skewMs })
  return {
    send: sender(deps),
    upkeep: async () => {
      for (const sweep of [false, true]) {
        const { report } = await upkeep({ until: Number.POSITIVE_INFINITY, sweep })
        if (report.failures.length > 0) throw new Error(JSON.stringify(report.failures))
      }
    },
    close: async () => undefined,
  }
}
