/** AWS's own rules for solutions (cdk-nag), for every front door and what is chosen beside it. */
import { App, Stack, type Stage, Validations } from "aws-cdk-lib"
import { Code, Function as LambdaFn, Runtime } from "aws-cdk-lib/aws-lambda"
import { Bucket } from "aws-cdk-lib/aws-s3"
import { AwsSolutionsChecks } from "cdk-nag"
import { describe, expect, it } from "vitest"
import { StratalogConsumer } from "../../infra/consumer.ts"
import { Stratalog } from "../../infra/index.ts"
import { settingsOf } from "../../infra/settings.ts"
import { stratalogStacks } from "../../infra/stacks.ts"
import { unbundledApp } from "./synthesize.ts"

/** A line for each rule that a resource breaks and that nobody gave a reason for. */
function findings(app: Stage): readonly string[] {
  const { violations } = new AwsSolutionsChecks(app).validateScope(app)
  return violations.flatMap(({ ruleName, violatingResources }) =>
    violatingResources.map(
      ({ constructPath, resourceLogicalId }) => `${ruleName} ${constructPath ?? resourceLogicalId}`,
    ),
  )
}

function deployed(context: Readonly<Record<string, unknown>>): readonly string[] {
  const app = unbundledApp(context)
  stratalogStacks(app, "Stratalog", settingsOf(app.node))
  return findings(app)
}

describe("AWS's rules for solutions", () => {
  it.each<Readonly<Record<string, unknown>>>([
    {},
    { auth: "none" },
    { auth: "key", corsOrigins: "https://app.example.com" },
    { auth: "both", corsOrigins: "https://app.example.com", accessLogs: "false" },
    { iamPrincipals: "acl", superUsers: "User:admin" },
    { corsOrigins: "https://app.example.com" },
    { frontDoor: "function-url" },
    { frontDoor: "function-url", auth: "none" },
    { frontDoor: "function-url", auth: "key" },
    { frontDoor: "rest-api" },
    { frontDoor: "rest-api", auth: "none", architecture: "x86_64" },
    { frontDoor: "rest-api", auth: "both" },
    { accessLogs: "false" },
    { news: "true" },
    { news: "true", encryptionKey: "new" },
    { objectHistory: "30", intelligentTiering: "true" },
    { tableName: "restored", bucketName: "restored" },
    { alarms: "on" },
    { alarms: "ops@example.com", lagAlarms: "billing:1000", dashboard: "true" },
    { alarms: "ops@example.com", encryptionKey: "new", frontDoor: "function-url", dashboard: "true" },
    { alarms: "on", frontDoor: "rest-api", auth: "both" },
    { throwAway: "true" },
    { throwAway: "true", encryptionKey: "new", news: "true" },
  ])("are kept by the app: %o", (context) => {
    expect(deployed(context)).toEqual([])
  })

  it("are kept by a consumer, and by the construct in a stack of somebody else's", () => {
    const app = unbundledApp()
    const stack = new Stack(app, "Shop")
    const { news } = new Stratalog(stack, "Log", { news: true })
    const consumer = new LambdaFn(stack, "Billing", {
      runtime: Runtime.NODEJS_24_X,
      handler: "index.handler",
      code: Code.fromInline("export const handler = () => {}"),
    })
    new StratalogConsumer(stack, "Consumer", { function: consumer, topics: ["orders"], news })
    const others = /\/Billing\//
    expect(findings(app).filter((finding) => !others.test(finding))).toEqual([])
  })

  it("are broken where nobody gave a reason", () => {
    const app = new App()
    new Bucket(new Stack(app, "Stack"), "Bucket")
    expect(findings(app)).toEqual(["AwsSolutions-S1 Stack/Bucket/Resource", "AwsSolutions-S10 Stack/Bucket/Resource"])
  })

  it("are broken on purpose in few places, each with its reason", () => {
    const app = unbundledApp()
    stratalogStacks(app, "Stratalog", settingsOf(app.node))
    const broken = app.node.findAll().flatMap(({ node }) =>
      node.metadata
        .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
        .flatMap(({ data }) => Object.entries<unknown>(data))
        .map(([rule, reason]) => [
          node.path.replace("Stratalog/Service/", ""),
          rule.replace(/.*AwsSolutions-/, ""),
          reason,
        ]),
    )
    for (const [path, rule, reason] of broken) expect(String(reason).length, `${path} ${rule}`).toBeGreaterThan(20)
    const prefix = (name: string) => `IAM5[Resource::<StorageBucket5CB7C8EA.Arn>/${name}/*]`
    expect([...new Set(broken.map(([path, rule]) => `${path} ${rule}`))].sort()).toEqual([
      `FetchRole ${prefix("batches")}`,
      `FetchRole ${prefix("segments")}`,
      `PollRole ${prefix("batches")}`,
      `PollRole ${prefix("segments")}`,
      `ProduceRole ${prefix("batches")}`,
      "StratalogStorage/Storage/Bucket S1",
      "UpkeepDeadLetters SQS3",
      `UpkeepRole ${prefix("batches")}`,
      `UpkeepRole ${prefix("segments")}`,
    ])
  })
})
