/** What may be chosen of storage and functions. */
import { Stack } from "aws-cdk-lib"
import { Match, Template } from "aws-cdk-lib/assertions"
import { Key } from "aws-cdk-lib/aws-kms"
import { describe, expect, it } from "vitest"
import { Stratalog, StratalogConsumer } from "../../infra/index.ts"
import { synthesize, unbundledApp } from "./synthesize.ts"

const KEY_ARN = "arn:aws:kms:eu-west-1:123456789012:key/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"

describe("a key of one's own", () => {
  const made = synthesize({ encryptionKey: "new", news: true })
  const isKey = { "Fn::GetAtt": [Match.stringLikeRegexp("^StorageKey"), "Arn"] }

  it("is made, rotated and kept", () => {
    made.storage.hasResource("AWS::KMS::Key", {
      Properties: { EnableKeyRotation: true },
      DeletionPolicy: "Retain",
      UpdateReplacePolicy: "Retain",
    })
  })

  it("encrypts the table, the bucket and the topic", () => {
    made.storage.hasResourceProperties("AWS::DynamoDB::Table", {
      SSESpecification: { SSEEnabled: true, SSEType: "KMS", KMSMasterKeyId: isKey },
    })
    made.storage.hasResourceProperties("AWS::S3::Bucket", {
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [
          {
            BucketKeyEnabled: true,
            ServerSideEncryptionByDefault: { SSEAlgorithm: "aws:kms", KMSMasterKeyID: isKey },
          },
        ],
      },
    })
    made.service.hasResourceProperties("AWS::SNS::Topic", {
      KmsMasterKeyId: { "Fn::ImportValue": Match.stringLikeRegexp("StorageKey") },
    })
  })

  it("may be used by each function through the services that hold the data, and to encrypt by those that write", () => {
    const uses = Object.entries(made.service.findResources("AWS::IAM::Policy")).map(([name, { Properties }]) => {
      const statements: readonly Statement[] = Properties.PolicyDocument.Statement
      const ofKey = statements.filter(({ Action }) => [Action].flat().some((each) => each.startsWith("kms:")))
      const isKeyOfStorage = { "Fn::ImportValue": expect.stringContaining("StorageKey") }
      for (const { Resource } of ofKey) expect(Resource).toEqual(isKeyOfStorage)
      const ofData = ofKey.find(({ Condition }) => JSON.stringify(Condition)?.includes("kms:ViaService"))
      return [name.replace(/^Service|RoleDefault.*/g, ""), [ofData?.Action].flat().includes("kms:Encrypt")]
    })
    const writing = { Produce: true, Fetch: false, Poll: true, Admin: true, Upkeep: true }
    expect(Object.fromEntries(uses)).toEqual(writing)
  })

  it("may be one that is there already", () => {
    const { storage, service } = synthesize({ encryptionKey: KEY_ARN })
    storage.resourceCountIs("AWS::KMS::Key", 0)
    storage.hasResourceProperties("AWS::DynamoDB::Table", { SSESpecification: { KMSMasterKeyId: KEY_ARN } })
    expect(JSON.stringify(service.findResources("AWS::IAM::Policy"))).toContain(KEY_ARN)
    expect(() => synthesize({ encryptionKey: "mine" })).toThrow("encryptionKey: write new")
  })

  it("goes as soon as it may where all is thrown away", () => {
    synthesize({ encryptionKey: "new", throwAway: true }).storage.hasResource("AWS::KMS::Key", {
      Properties: { PendingWindowInDays: 7 },
      DeletionPolicy: "Delete",
    })
  })
})

interface Statement {
  readonly Action: string | readonly string[]
  readonly Resource: unknown
  readonly Condition?: unknown
}

describe("the bucket", () => {
  const rules = (context: Readonly<Record<string, unknown>>) =>
    Object.values(synthesize(context).storage.findResources("AWS::S3::Bucket")).flatMap(
      ({ Properties }) => Properties.LifecycleConfiguration.Rules,
    )

  it("moves segments to where old ones are cheaper", () => {
    expect(rules({ intelligentTiering: "true" })).toContainEqual({
      Id: "tiering",
      Status: "Enabled",
      Prefix: "segments/",
      Transitions: [{ StorageClass: "INTELLIGENT_TIERING", TransitionInDays: 0 }],
    })
    expect(JSON.stringify(rules({}))).not.toContain("INTELLIGENT")
  })

  const history = (context: Readonly<Record<string, unknown>>) => {
    const { storage } = synthesize(context)
    const [table] = Object.values(storage.findResources("AWS::DynamoDB::Table"))
    const [bucket] = Object.values(storage.findResources("AWS::S3::Bucket"))
    return {
      table: table?.["Properties"].PointInTimeRecoverySpecification,
      versions: bucket?.["Properties"].VersioningConfiguration?.Status,
      rule: rules(context).find(({ Id: id }) => id === "history"),
    }
  }

  it("keeps the table's history for some days, and what was removed a day longer, so that both can be taken back together", () => {
    const keeps = (days: number) => ({
      table: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: days },
      versions: "Enabled",
      rule: {
        Id: "history",
        Status: "Enabled",
        NoncurrentVersionExpiration: { NoncurrentDays: days + 1 },
        ExpiredObjectDeleteMarker: true,
      },
    })
    expect(history({})).toEqual(keeps(7))
    expect(history({ objectHistory: "30" })).toEqual(keeps(30))
    const none = { table: { PointInTimeRecoveryEnabled: true }, versions: undefined, rule: undefined }
    expect(history({ objectHistory: "0" })).toEqual(none)
    expect(history({ throwAway: true })).toEqual(none)
    expect(() => synthesize({ objectHistory: "a while" })).toThrow("-c objectHistory=a while: choose a whole number.")
    expect(() => synthesize({ objectHistory: 36 })).toThrow("objectHistory is 36: choose 1 to 35 days, or 0 for none.")
  })

  it("never lets what is there expire by itself", () => {
    for (const context of [{}, { intelligentTiering: true }, { objectHistory: 1 }, { throwAway: true }]) {
      for (const rule of rules(context)) {
        expect(Object.keys(rule).filter((name) => /^Expiration/.test(name))).toEqual([])
      }
    }
  })
})

describe("the functions", () => {
  const shapes = (context: Readonly<Record<string, unknown>>) =>
    Object.fromEntries(
      Object.entries(synthesize(context).service.findResources("AWS::Lambda::Function")).map(
        ([name, { Properties }]) => [
          name.replace(/^Service|[0-9A-F]{8}$/g, ""),
          [Properties.MemorySize, Properties.ReservedConcurrentExecutions],
        ],
      ),
    )

  it("share the account's concurrency, unless some is kept for one of them", () => {
    expect(shapes({})).toEqual({
      Produce: [1024, undefined],
      Fetch: [1024, undefined],
      Poll: [1024, undefined],
      Admin: [1024, undefined],
      Upkeep: [1024, undefined],
    })
    const chosen = { memory: "produce:2048,upkeep:3008", reservedConcurrency: { produce: 100, poll: 50, api: 7 } }
    expect(shapes(chosen)).toEqual({
      Produce: [2048, 100],
      Fetch: [1024, undefined],
      Poll: [1024, 50],
      Admin: [1024, undefined],
      Upkeep: [3008, undefined],
    })
  })

  it("tell CloudWatch their metrics only where they are told to", () => {
    const told = (context: Readonly<Record<string, unknown>>) =>
      Object.values(synthesize(context).service.findResources("AWS::Lambda::Function")).map(({ Properties }) => {
        const {
          STRATALOG_METRICS: metrics,
          STRATALOG_FUNCTION: entry,
          STRATALOG_DEPLOYMENT: deployment,
        } = Properties.Environment?.Variables ?? {}
        return metrics === undefined ? [] : [metrics, entry, deployment]
      })
    expect(told({}).flat()).toEqual([])
    const deployment = "Stratalog"
    const entries = ["admin", "fetch", "poll", "produce", "upkeep"]
    expect(
      told({ metrics: "emf" })
        .filter(({ length }) => length > 0)
        .toSorted(),
    ).toEqual(entries.map((entry) => ["emf", entry, deployment]))
  })

  it("keep their logs as long as they are told", () => {
    synthesize({ logRetention: "7", accessLogs: "false" }).service.allResourcesProperties("AWS::Logs::LogGroup", {
      RetentionInDays: 7,
    })
    expect(() => synthesize({ logRetention: "8" })).toThrow("logRetention: choose 1, 3, 5,")
  })

  it.each([
    { memory: "producer:256" },
    { memory: "produce:lots" },
    { memory: "produce:127" },
    { memory: "poll:256,produce:10241" },
    { reservedConcurrency: "100" },
    { reservedConcurrency: { fetch: 0 } },
    { reservedConcurrency: 100 },
  ])("are refused what makes no sense: %o", (context) => {
    expect(() => synthesize(context)).toThrow(/choose (whole numbers|128 to 10240 MiB) for functions, such as produce:/)
  })
})

describe("the construct, in a stack of somebody else's,", () => {
  it("takes the same by property, twice in one stack, with a key of that stack", () => {
    const app = unbundledApp()
    const stack = new Stack(app, "Shop")
    const encryptionKey = new Key(stack, "Key")
    const orders = new Stratalog(stack, "Orders", { encryptionKey, news: true, throwAway: true, upkeep: "6h" })
    const audit = new Stratalog(stack, "Audit", { frontDoor: "function-url", throwAway: true, memory: { api: 512 } })
    if (audit.service.handlers.kind !== "combined") throw new Error("a function URL has one function")
    new StratalogConsumer(stack, "Consumer", {
      function: audit.service.handlers.api,
      topics: ["orders"],
      news: orders.news,
    })
    const template = Template.fromStack(stack)
    template.resourceCountIs("AWS::DynamoDB::Table", 2)
    template.resourceCountIs("AWS::KMS::Key", 1)
    expect(orders.url).not.toBe(audit.url)
  })
})
