import { Match, type Template } from "aws-cdk-lib/assertions"
import { describe, expect, it } from "vitest"
import { synthesize } from "./synthesize.ts"

const template = synthesize().service

describe("the stack of the service by default", () => {
  it("runs what is bundled on Node 24 and arm64, with the names of its storage", () => {
    template.allResourcesProperties("AWS::Lambda::Function", {
      Runtime: "nodejs24.x",
      Architectures: ["arm64"],
      Handler: "index.handler",
      Environment: {
        Variables: {
          STRATALOG_TABLE: { "Fn::ImportValue": Match.stringLikeRegexp("^StratalogStorage:.*StorageTable") },
          STRATALOG_VERSION: Match.stringLikeRegexp("^\\d+\\.\\d+\\.\\d+"),
        },
      },
    })
  })

  it("tells a function of the bucket if it needs objects", () => {
    const told = Object.entries(template.findResources("AWS::Lambda::Function")).map(([name, { Properties }]) => [
      name.replace(/^Service|[0-9A-F]{8}$/g, ""),
      Properties.Environment.Variables.STRATALOG_BUCKET?.["Fn::ImportValue"],
    ])
    const bucket = expect.stringMatching(/^StratalogStorage:.*StorageBucket/)
    expect(Object.fromEntries(told)).toEqual({
      Produce: bucket,
      Fetch: bucket,
      Poll: bucket,
      Admin: undefined,
      Upkeep: bucket,
    })
  })

  it("lets nobody in who does not sign", () => {
    template.allResourcesProperties("AWS::ApiGatewayV2::Route", { AuthorizationType: "AWS_IAM" })
    template.resourceCountIs("AWS::Lambda::Url", 0)
    template.resourceCountIs("AWS::ApiGateway::RestApi", 0)
    expect(JSON.stringify(template.findResources("AWS::Lambda::Permission"))).not.toContain('"Principal":"*"')
  })

  it("keeps logs for a while, not for ever", () => {
    template.allResourcesProperties("AWS::Logs::LogGroup", { RetentionInDays: 30 })
  })

  it("allows each function what its code does and nothing else", () => {
    for (const { Properties } of Object.values(template.findResources("AWS::IAM::Policy"))) {
      for (const { Action, Resource } of Properties.PolicyDocument.Statement) {
        const actions: string[] = [Action].flat()
        expect(actions.filter((action) => action.includes("*"))).toEqual([])
        expect(Resource).not.toBe("*")
      }
    }
    for (const { Properties } of Object.values(template.findResources("AWS::IAM::Role"))) {
      expect(Properties.ManagedPolicyArns).toBeUndefined()
    }
  })

  it("keeps house every hour, and sweeps every few hours", () => {
    const target = (sweep: boolean) => ({
      Targets: [Match.objectLike({ Input: JSON.stringify({ sweep }), RetryPolicy: { MaximumRetryAttempts: 0 } })],
    })
    template.hasResourceProperties("AWS::Events::Rule", { ScheduleExpression: "rate(1 hour)", ...target(false) })
    template.hasResourceProperties("AWS::Events::Rule", { ScheduleExpression: "rate(6 hours)", ...target(true) })
    expect(actionsOf(template, "ServiceUpkeepRole")).toContain("s3:DeleteObject")
  })

  it("never lets who appends delete anything", () => {
    const actions = actionsOf(template, "ServiceProduceRole")
    expect(actions.filter((action) => /delete|batchwrite/i.test(action))).toEqual([])
    expect(actions).toEqual(expect.arrayContaining(["s3:PutObject", "dynamodb:UpdateItem"]))
    expect(actions).not.toContain("dynamodb:Scan")
  })

  it("tells the address, and where the log lies", () => {
    expect(Object.keys(template.findOutputs("*"))).toEqual(expect.arrayContaining(["Url", "TableName", "BucketName"]))
  })
})

function actionsOf(of: Template, role: string): readonly string[] {
  const policies = Object.entries(of.findResources("AWS::IAM::Policy")).filter(([name]) => name.startsWith(role))
  return policies.flatMap(([, { Properties }]) =>
    Properties.PolicyDocument.Statement.flatMap(({ Action }: { Action: string | string[] }) => [Action].flat()),
  )
}

describe("what is asked for by name", () => {
  it("leaves an idle log alone between two sweeps, or looks after a busy one", () => {
    const rates = (upkeep: string) =>
      Object.values(synthesize({ upkeep }).service.findResources("AWS::Events::Rule")).map(
        ({ Properties }) => Properties.ScheduleExpression,
      )
    expect(rates("6h")).toEqual(["rate(6 hours)"])
    expect(rates("5m").sort()).toEqual(["rate(5 minutes)", "rate(6 hours)"])
    expect(() => synthesize({ upkeep: "7h" })).toThrow("-c upkeep=7h")
  })

  it("runs on another architecture", () => {
    synthesize({ architecture: "x86_64" }).service.allResourcesProperties("AWS::Lambda::Function", {
      Architectures: ["x86_64"],
    })
  })

  it.each<[string, unknown]>([
    ["auth", "maybe"],
    ["frontDoor", "window"],
    ["architecture", "arm"],
    ["news", "on"],
    ["throwAway", 1],
  ])("is refused where %s is no choice", (name, value) => {
    expect(() => synthesize({ [name]: value })).toThrow(`-c ${name}=${value}: choose`)
  })
})
