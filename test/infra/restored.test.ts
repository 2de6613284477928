/** A deployment that is pointed at a table, or a bucket, that was restored. */
import { describe, expect, it } from "vitest"
import { synthesize } from "./synthesize.ts"

const own = synthesize()
const restored = synthesize({ tableName: "stratalog-restored", bucketName: "stratalog-rehearsal" })

describe("a deployment on a restored table", () => {
  it("leaves the stack of the storage as it is, or the functions' stack could not let go of it", () => {
    expect(restored.storage.toJSON()).toEqual(own.storage.toJSON())
  })

  it("gives its functions the restored table and bucket, by name and by permission, and no other", () => {
    const functions = Object.values(restored.service.findResources("AWS::Lambda::Function"))
    const environments = functions.map(({ Properties }) => Properties.Environment?.Variables).filter(Boolean)
    expect(environments.length).toBeGreaterThan(1)
    for (const variables of environments) {
      expect(variables.STRATALOG_TABLE).toBe("stratalog-restored")
      expect([undefined, "stratalog-rehearsal"]).toContain(variables.STRATALOG_BUCKET)
    }
    const policies = JSON.stringify(restored.service.findResources("AWS::IAM::Policy"))
    expect(policies).toContain(":table/stratalog-restored")
    expect(policies).toContain(":s3:::stratalog-rehearsal")
    expect(JSON.stringify(restored.service.toJSON())).not.toMatch(/ImportValue[^}]*Storage(Table|Bucket)/)
  })

  it("tells of the table and the bucket in use", () => {
    const outputs = restored.service.findOutputs("*")
    expect(outputs["TableName"]?.["Value"]).toBe("stratalog-restored")
    expect(outputs["BucketName"]?.["Value"]).toBe("stratalog-rehearsal")
  })
})
