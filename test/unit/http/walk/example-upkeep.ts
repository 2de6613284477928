import { exampleUpkeep } from "../../../../functions/http/openapi/examples.ts"

const { codes, first, ...failures } = exampleUpkeep.lastRun.failures

/** As storage keeps it. */
export const exampleUpkeepRecord = {
  ...exampleUpkeep,
  lastRun: { ...exampleUpkeep.lastRun, failures: { ...failures, codes: [...codes], first: [...first] } },
}
