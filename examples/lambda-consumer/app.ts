/**
 * `npx cdk deploy --app "node examples/lambda-consumer/app.ts" -c url=… -c newsTopicArn=…`: a function that is woken by
 * orders, in a stack of its own.
 */
import { mkdtempSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { App, Duration, RemovalPolicy, Stack } from "aws-cdk-lib"
import { PolicyStatement } from "aws-cdk-lib/aws-iam"
import { Architecture, Code, Function as LambdaFn, Runtime } from "aws-cdk-lib/aws-lambda"
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs"
import { Topic } from "aws-cdk-lib/aws-sns"
import { buildSync } from "esbuild"
import { StratalogConsumer } from "../../infra/consumer.ts"

const app = new App()
const stack = new Stack(app, "Invoices", { description: "Invoices for orders, by a Stratalog consumer" })
const url: unknown = app.node.tryGetContext("url")
const newsTopicArn: unknown = app.node.tryGetContext("newsTopicArn")
if (typeof url !== "string") throw new Error("Say where Stratalog is: -c url=https://…")

const invoices = new LambdaFn(stack, "Function", {
  runtime: Runtime.NODEJS_24_X,
  architecture: process.arch === "arm64" ? Architecture.ARM_64 : Architecture.X86_64,
  handler: "index.handler",
  code: Code.fromAsset(bundle()),
  timeout: Duration.seconds(30),
  memorySize: 512,
  logGroup: new LogGroup(stack, "Logs", {
    retention: RetentionDays.ONE_WEEK,
    removalPolicy: RemovalPolicy.DESTROY,
  }),
  environment: { STRATALOG_URL: url },
})
letCall(url)
const news = typeof newsTopicArn === "string" ? Topic.fromTopicArn(stack, "News", newsTopicArn) : undefined
new StratalogConsumer(stack, "Consumer", { function: invoices, topics: ["orders"], news })

/** The function may make every call of the API at this address of API Gateway. */
function letCall(address: string): void {
  const [apiId = "", service = ""] = new URL(address).hostname.split(".")
  if (service !== "execute-api") return
  const resources = [stack.formatArn({ service, resource: apiId, resourceName: "*" })]
  invoices.addToRolePolicy(new PolicyStatement({ actions: ["execute-api:Invoke"], resources }))
}

function bundle(): string {
  const folder = mkdtempSync(join(tmpdir(), "invoices-"))
  buildSync({
    entryPoints: [fileURLToPath(new URL("handler.ts", import.meta.url))],
    outfile: join(folder, "index.mjs"),
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node24",
    conditions: ["source"],
  })
  return folder
}
