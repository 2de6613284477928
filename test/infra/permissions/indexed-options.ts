import { portableCodecs } from "stratalog/record-batch"
import type { IndexedOptions } from "../../../functions/compose/indexed-service.ts"
import { lambdaLimits } from "../../../functions/lambda/limits.ts"

/** What happens seldom happens soon: few producers fit into a head, and everything is old enough for upkeep. */
export const indexedOptions: IndexedOptions = {
  limits: lambdaLimits,
  codecs: portableCodecs(),
  version: "1.2.3",
  settings: { rollInBackground: false, maxProducers: 2, appendTimeoutMs: 5_000, firstBackoffMs: 1, maxBackoffMs: 20 },
  upkeep: { segmentBytes: 16_384, minTierAgeMs: -60_000, maxTierAgeMs: -60_000, graceMs: -60_000 },
}
