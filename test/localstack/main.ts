/**
 * `npm run test:localstack`: Stratalog deployed to LocalStack, and everything that is tested there, from nothing. A LocalStack
 * that runs at STRATALOG_LOCALSTACK_PORT is used and left running; without that variable one is started on free ports.
 * `-- --skip conformance,consumer` leaves out steps by parts of their names.
 */
import { createServer } from "node:net"
import { parseArgs } from "node:util"
import { localAws } from "../../tools/localstack/aws.ts"
import { localStackEndpoint } from "../../tools/localstack/cdk.ts"
import { removeConsumer, tryConsumer } from "../../tools/localstack/consumer.ts"
import { inventoryOf } from "../../tools/localstack/inventory.ts"
import { deployStratalog } from "../../tools/localstack/stratalog.ts"
import type { Deployed } from "../../tools/localstack/urls.ts"
import { asksForKeys } from "./asks-for-keys.ts"
import { CHOICES } from "./choices.ts"
import { DEPLOYED_VARIABLE } from "./global-setup.ts"
import { run, runConformance, runVitest } from "./programs.ts"
import { keepsDataWithoutFunctions, leavesNothing } from "./stays.ts"
import { Steps } from "./steps.ts"
import { showLogs } from "./trouble.ts"

const { values } = parseArgs({ options: { skip: { type: "string", default: "" } } })
const steps = new Steps(values.skip.split(",").filter((part) => part !== ""))
const isOurs = process.env["STRATALOG_LOCALSTACK_PORT"] === undefined || !(await answers())
try {
  if (isOurs) await start()
  if (steps.failed === 0) await testDeployment()
  if (steps.failed > 0) await showLogs(localAws(localStackEndpoint()))
} finally {
  if (isOurs) await run("bash", ["tools/localstack/stop.sh"])
}
console.log(steps.summary())
process.exitCode = steps.failed === 0 ? 0 : 1

async function start(): Promise<void> {
  process.env["STRATALOG_LOCALSTACK_PORT"] ??= await freePort()
  process.env["STRATALOG_LOCALSTACK_DYNAMODB_PORT"] ??= await freePort()
  await steps.run("LocalStack starts", async () => (await run("bash", ["tools/localstack/start.sh"])).code === 0)
}

async function testDeployment(): Promise<void> {
  const endpoint = localStackEndpoint()
  const aws = localAws(endpoint)
  const before = await inventoryOf(aws)
  let deployed: Deployed | undefined
  await steps.run("the CDK app is deployed, and LocalStack made all of it", async () => {
    deployed = await deployStratalog(endpoint, ...CHOICES)
    return deployed !== undefined
  })
  if (deployed === undefined) return
  const there: Deployed = deployed
  const env = { [DEPLOYED_VARIABLE]: JSON.stringify(there) }
  await steps.run("the conformance suite passes on the functions", () => runConformance(there.api))
  await steps.run("examples, groups, bundles and schedules", () => runVitest(["use"], env))
  await steps.run("a Lambda consumer is woken by appends", () => tryConsumer(endpoint, there))
  await steps.run("the consumer goes", () => removeConsumer(endpoint, there))
  await steps.run("faults", () => runVitest(["faults", "--no-file-parallelism"], env))
  await steps.run("the log stays when the functions go", () => keepsDataWithoutFunctions(endpoint, there))
  await steps.run("callers need keys where they are asked for them", () => asksForKeys(endpoint))
  await steps.run("a throw-away deployment leaves nothing", () => leavesNothing(aws, before))
}

async function answers(): Promise<boolean> {
  return (await fetch(`${localStackEndpoint()}/_localstack/health`).catch(() => undefined))?.ok === true
}

async function freePort(): Promise<string> {
  const server = createServer().listen(0, "127.0.0.1")
  await new Promise((resolve) => server.once("listening", resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return String(typeof address === "object" ? address?.port : address)
}
