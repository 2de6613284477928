/** Least privilege for who may do what: the functions ask for keys and lists as their roles allow with `auth=key`, and for all of it. */
import assert from "node:assert/strict"
import { afterAll, beforeAll, expect, it } from "vitest"
import { makeFirstKey } from "../../../functions/access/first-key.ts"
import { knownCallers } from "../../../functions/compose/functions/known-callers.ts"
import { clock } from "../../../functions/compose/process-parts.ts"
import { accessControl, secrets } from "../../../functions/lambda/access-control.ts"
import { type AccessChoice, gateOf } from "../../../functions/lambda/gates.ts"
import type { DynamoDbClients } from "../../../functions/storage/aws/dynamodb/client.ts"
import type { Concern } from "../../../infra/front-door/routes.ts"
import { storageOf } from "../../aws/api-service.ts"
import { clientsForTests, describeOnDynamoDb, type TemporaryTable, temporaryTable } from "../../aws/dynamodb.ts"
import { FaultyDynamoDb } from "../../aws/faulty-dynamodb.ts"
import { s3ClientFor } from "../../aws/s3.ts"
import { handlersByConcern } from "../../fakes/front-doors/by-concern.ts"
import { httpApi } from "../../fakes/front-doors/doors.ts"
import { type Gateway, startGateway } from "../../fakes/gateway.ts"
import { synthesize } from "../synthesize.ts"
import { indexedOptions } from "./indexed-options.ts"
import { allows, resolver, statementsOf } from "./policies.ts"
import { RequestRecorder, tableArn } from "./requests.ts"

const CONCERNS: readonly Concern[] = ["produce", "fetch", "poll", "admin"]
const choice: AccessChoice = { auth: "key", iamPrincipals: "super", superUsers: new Set() }

interface Running {
  readonly clients: DynamoDbClients
  readonly recorder: RequestRecorder
  readonly faults: FaultyDynamoDb
}

describeOnDynamoDb("functions that ask callers for keys", () => {
  let made: TemporaryTable
  let gateway: Gateway
  let superKey: string
  const running = new Map<Concern, Running>()
  // Nothing here reads an object.
  const s3 = s3ClientFor("http://127.0.0.1:1")

  const of = (concern: Concern): Running => {
    const found = running.get(concern)
    assert.ok(found)
    return found
  }

  async function call(method: string, path: string, key: string, json?: unknown): Promise<unknown> {
    const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" }
    const init = json === undefined ? { method, headers } : { method, headers, body: JSON.stringify(json) }
    const response = await fetch(`${gateway.url}${path}`, init)
    const text = await response.text()
    assert.ok(response.status < 400, `${method} ${path}: ${response.status} ${text}`)
    return text === "" ? {} : JSON.parse(text)
  }

  beforeAll(async () => {
    made = await temporaryTable()
    const { table } = made
    for (const concern of CONCERNS) {
      const recorder = new RequestRecorder()
      const faults = new FaultyDynamoDb()
      const clients = clientsForTests((client) => {
        recorder.adaptDynamoDb(client)
        faults.adapt(client)
      })
      running.set(concern, { clients, recorder, faults })
    }
    const opened = new Map(
      CONCERNS.map((concern) => {
        return [concern, knownCallers({ clients: of(concern).clients, table }, indexedOptions)] as const
      }),
    )
    const openedBy = (concern: Concern) => {
      const found = opened.get(concern)
      assert.ok(found)
      return found
    }
    const storage = (concern: Concern) => storageOf({ clients: of(concern).clients, table, client: s3, bucket: "none" })
    const handlers = handlersByConcern(storage, indexedOptions, {
      gateOf: (concern) => gateOf(choice, openedBy(concern).callers),
      ...accessControl(choice, openedBy("admin").accessStore),
    })
    gateway = await startGateway(httpApi(handlers))
    const first = { keys: openedBy("admin").accessStore, ...secrets, clock }
    await makeFirstKey(first, {})
    const outcome = await makeFirstKey(first, { replace: true })
    assert.ok(outcome.kind === "created")
    superKey = outcome.key
    await use()
  })

  afterAll(async () => {
    await gateway?.close()
    for (const { clients } of running.values()) clients.destroy()
    s3.destroy()
    await made?.dispose()
  })

  /** All that is asked of keys and lists, also where answers were lost. */
  async function use(): Promise<void> {
    const { key, id } = Object(await call("POST", "/v1/keys", superKey, { principal: "User:bob" }))
    const lists = ["read", "write", "describe"].map((operation) => {
      return { principal: "User:bob", operation, resourceType: "topic", resourceName: "orders" }
    })
    const groups = { principal: "User:bob", operation: "read", resourceType: "group", resourceName: "*" }
    await call("POST", "/v1/acls", superKey, { acls: [...lists, groups] })
    await call("GET", "/v1/acls", superKey)
    await call("PUT", "/v1/topics/orders", superKey)
    await call("POST", "/v1/topics/orders/records", key, { records: [{ value: 1 }] })
    await call("GET", "/v1/topics/orders/partitions/0/records?offset=0", key)
    await call("POST", "/v1/groups/g/members/m/poll", key, { topics: ["orders"] })
    await call("GET", "/v1/topics/orders", key)
    await call("POST", "/v1/acls:remove", superKey, { acls: [groups] })
    await call("GET", "/v1/keys", superKey)
    await call("DELETE", `/v1/keys/${id}`, superKey)
    // Whoever revoked it has forgotten it at once.
    await assert.rejects(call("GET", "/v1/topics/orders", key), /401/)
    const { faults } = of("admin")
    faults.loseAnswers("PutItem", 1)
    const lost = Object(await call("POST", "/v1/keys", superKey, { principal: "User:carol" }))
    faults.loseAnswers("DeleteItem", 1)
    await call("DELETE", `/v1/keys/${lost.id}`, superKey)
  }

  const isAccess = (key: string) => key === "access-keys" || key === "acls"
  const asked = (concern: Concern) => {
    return of(concern).recorder.requests.filter(({ leadingKeys = [] }) => leadingKeys.some(isAccess))
  }
  const roleOf = (concern: Concern) => {
    const { storage, service } = synthesize({ auth: "key" })
    const resolve = resolver(storage, (id, attribute) =>
      id.startsWith("StorageTable") ? (attribute === "Ref" ? made.table : tableArn(made.table)) : `${id}.${attribute}`,
    )
    return statementsOf(service, `${concern.charAt(0).toUpperCase()}${concern.slice(1)}`, resolve)
  }

  it.each(CONCERNS)("may ask for all that they ask for: %s", (concern) => {
    expect(asked(concern).length).toBeGreaterThan(0)
    expect(asked(concern).filter((request) => !allows(roleOf(concern), request))).toEqual([])
  })

  it.each(CONCERNS)("may ask for nothing that they never ask for: %s", (concern) => {
    const used = new Set(
      asked(concern).flatMap(({ action, leadingKeys = [] }) => leadingKeys.map((key) => `${action} ${key}`)),
    )
    const allowed = roleOf(concern).flatMap(({ actions, conditions }) => {
      const keys = conditions["ForAllValues:StringLike"]?.["dynamodb:LeadingKeys"] ?? []
      return keys.filter(isAccess).flatMap((key) => actions.map((action) => `${action} ${key}`))
    })
    expect(allowed.filter((each) => !used.has(each))).toEqual([])
  })

  it("ask for keys and lists once in a while, whatever they answer meanwhile", () => {
    expect(asked("produce").map(({ action, leadingKeys }) => [action, leadingKeys])).toEqual([
      ["dynamodb:GetItem", ["access-keys"]],
      ["dynamodb:Query", ["acls"]],
    ])
  })
})
