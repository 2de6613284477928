/** The torture's clients and its checker, against functions that are killed and paused behind a network that loses what it likes. */
import { randomInt } from "node:crypto"
import { expect, it } from "vitest"
import { runDeployedTorture } from "../../torture/deployed/run-deployed-torture.ts"
import { describeReport } from "../../torture/report.ts"
import { deployment } from "../deployment.ts"

const { functionsAreProcesses } = deployment

it.skipIf(!functionsAreProcesses)(
  "loses nothing, doubles nothing and moves nothing",
  { timeout: 900_000 },
  async () => {
    const seed = Number(process.env["STRATALOG_SEED"] ?? randomInt(2 ** 31))
    const { api, endpoint, table, bucket } = deployment
    const onProgress = (line: string) => console.log(line)
    const report = await runDeployedTorture({
      rounds: 1,
      seed,
      url: api,
      localStack: endpoint,
      table,
      bucket,
      onProgress,
    })
    console.log(describeReport(report, seed))
    expect(report.failure, describeReport(report, seed)).toBeUndefined()
  },
)
