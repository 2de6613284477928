/**
 * Least privilege, proven: the functions do all that the conformance suite asks for, and what is rare besides; every request
 * of theirs to DynamoDB and S3 has to be allowed by the role that the template gives them, and all that a role allows has to
 * be asked for by somebody.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { describeOnDynamoDb } from "../../aws/dynamodb.ts"
import { cases } from "../../conformance/cases/index.ts"
import { openTarget, runCase } from "../../conformance/run.ts"
import { synthesize } from "../synthesize.ts"
import { type FunctionName, type RunningFunctions, startFunctions } from "./deployment.ts"
import { allows, isLike, resolver, type Statement, statementsOf } from "./policies.ts"
import { doWhatIsRare } from "./rare-requests.ts"
import { type AuthorizedRequest, tableArn } from "./requests.ts"

const NAMES: readonly FunctionName[] = ["produce", "fetch", "poll", "admin", "upkeep"]
const AT_ONCE = 12
const LIMIT_MS = 600_000

/** What the functions of a deployment are allowed, by their names. */
function rolesOf(
  names: { readonly table: string; readonly bucket: string },
  frontDoor: string,
  watched: Readonly<Record<string, string>> = {},
) {
  const { storage, service } = synthesize({ frontDoor, ...watched })
  const resolve = resolver(storage, (id, attribute) => {
    if (id.startsWith("StorageTable")) return attribute === "Ref" ? names.table : tableArn(names.table)
    if (id.startsWith("StorageBucket")) return attribute === "Ref" ? names.bucket : `arn:aws:s3:::${names.bucket}`
    return `${id}.${attribute}`
  })
  return (name: string) => statementsOf(service, `${name.charAt(0).toUpperCase()}${name.slice(1)}`, resolve)
}

describeOnDynamoDb("the functions, with what they are allowed,", () => {
  let running: RunningFunctions
  let roleOf: (name: string) => readonly Statement[]
  const failed: string[] = []

  beforeAll(async () => {
    running = await startFunctions()
    roleOf = rolesOf({ table: running.table, bucket: running.bucket.bucket }, "http-api")
    const target = await openTarget(running.url, { gateway: true })
    const applicable = cases.filter((each) => each.unless?.(target) === undefined)
    const waiting = [...applicable.entries()].values()
    const work = async () => {
      for (const [number, each] of waiting) {
        await runCase(target, each, number).catch((error: unknown) => failed.push(`${each.name}: ${error}`))
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, work))
    target.client.close()
    await doWhatIsRare(running)
  }, LIMIT_MS)
  afterAll(() => running?.close())

  it("keep the contract", () => {
    expect(failed).toEqual([])
  })

  it.each(NAMES)("may do all that they do: %s", (name) => {
    const asked = running.functions[name].recorder.requests
    expect(asked.length).toBeGreaterThan(0)
    expect(asked.filter((request) => !allows(roleOf(name), request))).toEqual([])
  })

  it.each(NAMES)("may do nothing that they never do: %s", (name) => {
    expect(unused(roleOf(name), running.functions[name].recorder.requests)).toEqual([])
  })

  it("may do all that they do in one role, too, where one function does it all, and nothing else", () => {
    const combined = rolesOf({ table: running.table, bucket: running.bucket.bucket }, "function-url")
    const handlers = NAMES.filter((name) => name !== "upkeep")
    const asked = handlers.flatMap((name) => running.functions[name].recorder.requests)
    expect(asked.filter((request) => !allows(combined("api"), request))).toEqual([])
    expect(unused(combined("api"), asked)).toEqual([])
  })

  it("may look up lag, and nothing more for it, where groups have an alarm, and not otherwise", () => {
    const { upkeep, lag } = running.functions
    const names = { table: running.table, bucket: running.bucket.bucket }
    const watching = rolesOf(names, "http-api", { alarms: "on", lagAlarms: "behind:10" })("upkeep")
    const asked = lag.recorder.requests
    expect(asked.length).toBeGreaterThan(0)
    expect(asked.filter((request) => !allows(watching, request))).toEqual([])
    expect(unused(watching, [...asked, ...upkeep.recorder.requests])).toEqual([])
    expect(asked.every((request) => allows(roleOf("upkeep"), request))).toBe(false)
  })
})

/** Each action with each key that is allowed and that nobody asked for. */
function unused(statements: readonly Statement[], asked: readonly AuthorizedRequest[]): readonly string[] {
  return statements.flatMap(({ actions, resources, conditions }) => {
    const patterns = conditions["ForAllValues:StringLike"]?.["dynamodb:LeadingKeys"]
    return actions
      .filter((action) => /^(dynamodb|s3):/.test(action))
      .flatMap((action) => {
        const ofAction = asked.filter((request) => request.action === action)
        const isUsed = (pattern: string) =>
          patterns === undefined
            ? ofAction.some(({ resource }) => isLike(resource, pattern))
            : ofAction.some(({ leadingKeys = [] }) => leadingKeys.some((key) => isLike(key, pattern)))
        return (patterns ?? resources).filter((pattern) => !isUsed(pattern)).map((pattern) => `${action} ${pattern}`)
      })
  })
}

describe("the roles", () => {
  const names = { table: "table", bucket: "bucket" }
  const roleOf = rolesOf(names, "http-api")
  const item = (action: string, ...leadingKeys: string[]) => ({ action, resource: tableArn("table"), leadingKeys })
  const object = (action: string, key = "batches/x") => ({ action, resource: `arn:aws:s3:::bucket/${key}` })

  it("let who produces delete nothing, and who fetches write nothing", () => {
    for (const key of ["h/x/0", "p/x/0", "i/x/0/1", "topics", "groups"]) {
      for (const action of ["DeleteItem", "BatchWriteItem"]) {
        expect(allows(roleOf("produce"), item(`dynamodb:${action}`, key)), key).toBe(false)
      }
      for (const action of ["PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "ConditionCheckItem"]) {
        expect(allows(roleOf("fetch"), item(`dynamodb:${action}`, key)), key).toBe(false)
      }
    }
    expect(allows(roleOf("produce"), object("s3:DeleteObject"))).toBe(false)
    expect(allows(roleOf("fetch"), object("s3:PutObject"))).toBe(false)
    expect(allows(roleOf("fetch"), object("s3:DeleteObject"))).toBe(false)
    expect(allows(roleOf("fetch"), object("s3:GetObject"))).toBe(true)
  })

  it("let a batch through only if all its keys are allowed, and nothing that names no key", () => {
    expect(allows(roleOf("fetch"), item("dynamodb:BatchGetItem", "i/x/0/1", "i/x/0/2"))).toBe(true)
    expect(allows(roleOf("fetch"), item("dynamodb:BatchGetItem", "i/x/0/1", "groups"))).toBe(false)
    expect(allows(roleOf("fetch"), { action: "dynamodb:Query", resource: tableArn("table") })).toBe(false)
    expect(allows(roleOf("fetch"), { ...item("dynamodb:Query", "p/x/0"), resource: tableArn("another") })).toBe(false)
  })

  it("let nobody touch the table and the bucket themselves", () => {
    for (const name of NAMES) {
      for (const action of [
        "dynamodb:Scan",
        "dynamodb:DeleteTable",
        "dynamodb:UpdateTable",
        "dynamodb:ExportTableToPointInTime",
      ]) {
        expect(allows(roleOf(name), { action, resource: tableArn("table") }), `${name} ${action}`).toBe(false)
      }
      for (const action of ["s3:DeleteBucket", "s3:PutBucketPolicy", "s3:PutLifecycleConfiguration"]) {
        expect(allows(roleOf(name), { action, resource: "arn:aws:s3:::bucket" }), `${name} ${action}`).toBe(false)
      }
    }
  })
})
