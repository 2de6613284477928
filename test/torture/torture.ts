/**
 * `npm run torture -- --rounds 100 --seed 7`: kills the server again and again and checks that nothing is lost.
 * `--storage aws`: several servers on one DynamoDB Local and one S3 server, over a network that loses what it likes.
 * `--url URL --localstack ENDPOINT`: the functions of a deployment on a LocalStack of this machine (host mode).
 */
import { randomInt } from "node:crypto"
import { parseArgs } from "node:util"
import { localAws } from "../../tools/localstack/aws.ts"
import { onlyStorageOn } from "../../tools/localstack/functions.ts"
import { runAwsTorture } from "./aws/run-aws-torture.ts"
import { startStores } from "./aws/stores.ts"
import { runDeployedTorture } from "./deployed/run-deployed-torture.ts"
import { describeReport, type TortureReport } from "./report.ts"
import { runTorture } from "./run-torture.ts"

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "100" },
    seed: { type: "string", default: String(randomInt(2 ** 31)) },
    storage: { type: "string", default: "embedded" },
    bug: { type: "string" },
    url: { type: "string" },
    localstack: { type: "string", default: "http://127.0.0.1:4566" },
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
const report = await run()
console.log(describeReport(report, seed))
process.exitCode = report.failure === undefined ? 0 : 1

function run(): Promise<TortureReport> {
  if (values.url !== undefined) return onLocalStack(values.url)
  return values.storage === "aws" ? onAws() : runTorture(options)
}

async function onLocalStack(url: string): Promise<TortureReport> {
  const storage = await onlyStorageOn(localAws(values.localstack))
  return runDeployedTorture({ ...options, ...storage, url, localStack: values.localstack })
}

async function onAws(): Promise<TortureReport> {
  const stores = await startStores()
  try {
    return await runAwsTorture({ ...options, stores })
  } finally {
    await stores.stop()
  }
}
