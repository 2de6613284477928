import { Match } from "aws-cdk-lib/assertions"
import { describe, expect, it } from "vitest"
import { synthesize } from "./synthesize.ts"

const { storage, service } = synthesize()

/** What cannot be made again by a deployment. */
const STATEFUL = /^AWS::(DynamoDB|S3|KMS)::|^Custom::S3/

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
          Rules: [{ AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 }, Status: "Enabled" }],
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

  it("names its table and its bucket as it always has, or a deployment would make others in their place", () => {
    const named = (type: string) => Object.keys(storage.findResources(type))
    expect(named("AWS::DynamoDB::Table")).toEqual(["StorageTableB43FDCE7"])
    expect(named("AWS::S3::Bucket")).toEqual(["StorageBucket5CB7C8EA"])
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
  it("holds nothing that cannot be made again", () => {
    const types = Object.values(service.toJSON()["Resources"]).map((resource) =>
      typeof resource === "object" && resource !== null && "Type" in resource ? String(resource.Type) : "",
    )
    expect(types.filter((type) => STATEFUL.test(type))).toEqual([])
    expect(types).toContain("AWS::Lambda::Function")
  })
})

describe("a log to be thrown away", () => {
  it("leaves nothing behind", () => {
    const { storage: thrownAway, service: emptied } = synthesize({ throwAway: true })
    thrownAway.allResources("AWS::DynamoDB::Table", { DeletionPolicy: "Delete" })
    thrownAway.allResources("AWS::S3::Bucket", { DeletionPolicy: "Delete" })
    emptied.allResources("AWS::Logs::LogGroup", { DeletionPolicy: "Delete" })
    thrownAway.hasResourceProperties("AWS::DynamoDB::Table", { DeletionProtectionEnabled: false })
    thrownAway.resourceCountIs("Custom::S3AutoDeleteObjects", 1)
  })
})
