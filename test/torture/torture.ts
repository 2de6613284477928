/**
 * `npm run torture -- --rounds 100 --seed 7`: kills the server again and again and checks that nothing is lost.
 * `--storage aws`: several servers on one DynamoDB Local and one S3 server, over a network that loses what it likes.
 */
import { randomInt } from "node:crypto"
import { parseArgs } from "node:util"
import { runAwsTorture } from "./aws/run-aws-torture.ts"
import { startStores } from "./aws/stores.ts"
import { describeReport, type TortureReport } from "./report.ts"
import { runTorture } from "./run-torture.ts"

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "100" },
    seed: { type: "string", default: String(randomInt(2 ** 31)) },
    storage: { type: "string", default: "embedded" },
    bug: { type: "string" },
  },
})
const seed = Number(values.seed)
console.log(`seed ${seed}`)
const options = {
  rounds: Number(values.rounds),
  seed,
  onProgress: (line: string) => console.log(line),
  ...(values.bug !== undefined && { bug: values.bug }),
}
const report = values.storage === "aws" ? await onAws() : await runTorture(options)
console.log(describeReport(report, seed))
process.exitCode = report.failure === undefined ? 0 : 1

async function onAws(): Promise<TortureReport> {
  const stores = await startStores()
  try {
    return await runAwsTorture({ ...options, stores })
  } finally {
    await stores.stop()
  }
}
