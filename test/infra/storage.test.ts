import { Match, type Template } from "aws-cdk-lib/assertions"
import { describe, expect, it } from "vitest"
import { settingsOf } from "../../infra/settings.ts"
import { stratalogStacks } from "../../infra/stacks.ts"
import { synthesize, unbundledApp } from "./synthesize.ts"

const { storage, service } = synthesize()

/** What cannot be made again by a deployment. */
const STATEFUL = /^AWS::(DynamoDB|S3|KMS|EFS|RDS|Kinesis)::|^Custom::/

const CHOICES: readonly Readonly<Record<string, unknown>>[] = [
  {},
  { encryptionKey: "new", news: true },
  { objectHistory: 30, intelligentTiering: true },
  { frontDoor: "function-url", auth: "none" },
  { frontDoor: "rest-api", architecture: "x86_64" },
]

function resourcesOf(template: Template): readonly Resource[] {
  return Object.entries<Omit<Resource, "id">>(template.toJSON()["Resources"]).map(([id, rest]) => ({ id, ...rest }))
}

interface Resource {
  readonly id: string
  readonly Type: string
  readonly DeletionPolicy?: string
  readonly UpdateReplacePolicy?: string
}

describe("the stack that holds the log", () => {
  it("keeps items in a table that costs nothing while idle, can be restored and is not deleted by mistake", () => {
    storage.hasResource("AWS::DynamoDB::Table", {
      Properties: {
        BillingMode: "PAY_PER_REQUEST",
        KeySchema: [
          { AttributeName: "pk", KeyType: "HASH" },
          { AttributeName: "sk", KeyType: "RANGE" },
        ],
        AttributeDefinitions: [
          { AttributeName: "pk", AttributeType: "S" },
          { AttributeName: "sk", AttributeType: "S" },
        ],
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        DeletionProtectionEnabled: true,
        TimeToLiveSpecification: Match.absent(),
      },
      DeletionPolicy: "Retain",
      UpdateReplacePolicy: "Retain",
    })
  })

  it("keeps objects in a private, encrypted bucket that is reached by TLS only", () => {
    storage.hasResource("AWS::S3::Bucket", {
      Properties: {
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }],
        },
        LifecycleConfiguration: {
          Rules: Match.arrayWith([
            Match.objectLike({ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 }, Status: "Enabled" }),
          ]),
        },
      },
      DeletionPolicy: "Retain",
      UpdateReplacePolicy: "Retain",
    })
    storage.hasResourceProperties("AWS::S3::BucketPolicy", {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: "Deny", Action: "s3:*", Condition: { Bool: { "aws:SecureTransport": "false" } } }),
        ]),
      },
    })
  })

  it("is not removed by who removes all stacks without a thought", () => {
    const protects = (context: Readonly<Record<string, unknown>>) => {
      const app = unbundledApp(context)
      const { storage, service } = stratalogStacks(app, "Stratalog", settingsOf(app.node))
      return [storage.terminationProtection, service.terminationProtection]
    }
    expect(protects({})).toEqual([true, false])
    expect(protects({ throwAway: "true" })).toEqual([false, false])
  })

  it.each(CHOICES)("is made again in place, and kept whoever removes it: %o", (context) => {
    const kept = resourcesOf(synthesize(context).storage).filter(({ Type }) => STATEFUL.test(Type))
    for (const { id, Type, ...policies } of kept) {
      if (Type === "AWS::S3::BucketPolicy") continue
      expect(
        { DeletionPolicy: policies.DeletionPolicy, UpdateReplacePolicy: policies.UpdateReplacePolicy },
        id,
      ).toEqual({
        DeletionPolicy: "Retain",
        UpdateReplacePolicy: "Retain",
      })
    }
    // With another name a deployment would make another one, empty, in its place.
    const names = kept.map(({ id }) => id)
    expect(names).toEqual(expect.arrayContaining(["StorageTableB43FDCE7", "StorageBucket5CB7C8EA"]))
    expect(names.filter((id) => /Key/.test(id))).toEqual(context["encryptionKey"] ? ["StorageKeyBAA9457B"] : [])
  })

  it("tells of all that the other stack refers to, whatever that refers to today", () => {
    const told = Object.values(storage.findOutputs("*")).flatMap(({ Export }) => (Export ? [Export.Name] : []))
    expect(told).toHaveLength(4)
    const imported = JSON.stringify(service.toJSON()).match(/(?<="Fn::ImportValue":")[^"]+/g) ?? []
    expect([...new Set(imported)].filter((name) => !told.includes(name))).toEqual([])
    expect(imported.length).toBeGreaterThan(0)
  })
})

describe("the stack of the service", () => {
  it.each(CHOICES)("holds nothing that cannot be made again: %o", (context) => {
    const types = resourcesOf(synthesize(context).service).map(({ Type }) => Type)
    expect(types.filter((type) => STATEFUL.test(type))).toEqual([])
    expect(types).toContain("AWS::Lambda::Function")
  })

  it("is referred to by nothing of the stack that holds the log, which is there before it and after it", () => {
    expect(JSON.stringify(storage.toJSON())).not.toContain("Fn::ImportValue")
  })
})

describe("a log to be thrown away", () => {
  const thrownAway = synthesize({ throwAway: true, encryptionKey: "new", news: true, objectHistory: 1 })

  it("leaves nothing behind", () => {
    const all = [...resourcesOf(thrownAway.storage), ...resourcesOf(thrownAway.service)]
    expect(all.filter(({ DeletionPolicy = "Delete" }) => DeletionPolicy !== "Delete")).toEqual([])
    thrownAway.storage.hasResourceProperties("AWS::DynamoDB::Table", { DeletionProtectionEnabled: false })
    thrownAway.storage.resourceCountIs("Custom::S3AutoDeleteObjects", 1)
  })

  it("leaves no logs of functions behind, which would make themselves a group that no stack knows", () => {
    for (const template of [thrownAway.storage, thrownAway.service]) {
      const functions = Object.values(template.findResources("AWS::Lambda::Function"))
      expect(functions.length).toBeGreaterThan(0)
      for (const { Properties } of functions) expect(Properties.LoggingConfig.LogGroup.Ref).toMatch(/Logs/)
      expect(JSON.stringify(template.toJSON())).not.toMatch(/logs:CreateLogGroup|AWSLambdaBasicExecutionRole/)
    }
  })
})
