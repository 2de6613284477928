import { addAclsBody, createKeyBody, type Problem } from "stratalog/protocol"
import { afterEach, describe, expect, it } from "vitest"
import type { AclBinding } from "../../../functions/access/acl.ts"
import { bindingText } from "../../../functions/access/binding-text.ts"
import { callerOf } from "../../../functions/access/caller.ts"
import { bindingOf } from "../../../functions/http/access/acl-json.ts"
import { accessControl } from "../../fakes/access-control.ts"
import { type HttpApi, openHttpApi } from "../../fakes/http-api.ts"

const manages: AclBinding = {
  principal: "User:manager",
  permission: "allow",
  operation: "alter",
  resourceType: "cluster",
  resourceName: "stratalog",
  patternType: "literal",
}

const open: HttpApi[] = []
afterEach(() => {
  for (const api of open.splice(0)) api.dispose()
})

/** An API whose callers are whoever they say. */
function serviceFor(superUsers: readonly string[] = []): HttpApi {
  const gate: Parameters<typeof openHttpApi>[3] = (request) => {
    const name = request.header("authorization") ?? "User:root"
    return callerOf({ name, superUser: name === "User:root" }, [manages], { kind: "iam" })
  }
  const api = openHttpApi({ access: accessControl({}, { superUsers }) }, {}, {}, gate)
  open.push(api)
  return api
}

const as = (authorization: string, json?: unknown) => ({
  headers: { authorization },
  ...(json !== undefined && { json }),
})

describe("who may manage access", () => {
  it("is whoever may alter the cluster, but for super-users' keys", async () => {
    const api = serviceFor(["User:ops"])
    const make = (json: unknown) => api.send("POST", "/v1/keys", as("User:manager", json))
    expect((await make({ principal: "User:bob" })).status).toBe(201)
    for (const json of [{ principal: "User:bob", superUser: true }, { principal: "User:ops" }]) {
      const refused = await make(json)
      expect(refused.status).toBe(403)
      expect(await refused.json()).toMatchObject({
        code: "not_authorized",
        denied: [],
        detail: expect.stringMatching(/only super-users are/),
      })
    }
    const { id } = (await (await api.send("POST", "/v1/keys", { json: { principal: "User:ops" } })).json()) as {
      id: string
    }
    expect(await api.refused("DELETE", `/v1/keys/${id}`, as("User:manager"))).toMatchObject({ code: "not_authorized" })
  })

  it("is nobody else", async () => {
    const api = serviceFor()
    const calls: readonly (readonly [string, string, unknown?])[] = [
      ["POST", "/v1/keys", { principal: "User:bob" }],
      ["GET", "/v1/keys"],
      ["DELETE", "/v1/keys/aeaqcaibaeaqcaib"],
      ["GET", "/v1/acls"],
      ["POST", "/v1/acls", { acls: [manages] }],
      ["POST", "/v1/acls:remove", { acls: [manages] }],
    ]
    for (const [method, path, json] of calls) {
      const { code, detail } = await api.refused(method, path, as("User:bob", json))
      expect([method, path, code]).toEqual([method, path, "not_authorized"])
      expect(detail).toMatch(/^User:bob is not allowed to (alter|describe) cluster stratalog\.$/)
    }
  })
})

describe("refusals", () => {
  it("say how to go on", async () => {
    const api = serviceFor()
    const past = await api.refused("POST", "/v1/keys", { json: { principal: "User:a", expiresAt: 5 } })
    expect(past.detail).toMatch(/^expiresAt: must be in the future: it is \d+ now$/)
    const { id } = (await (
      await api.send("POST", "/v1/keys", { json: { principal: "User:a", superUser: true } })
    ).json()) as { id: string }
    const last = await api.refused("DELETE", `/v1/keys/${id}`)
    expect(last).toMatchObject({ code: "last_super_key", key: id, detail: expect.stringContaining("POST /v1/keys") })
    expect(await api.refused("DELETE", "/v1/keys/aeaqcaibaeaqcaib")).toMatchObject({ code: "key_not_found" })
    const acls = Array.from({ length: 1_000 }, (_, n) => ({ ...manages, resourceType: "topic", resourceName: `t${n}` }))
    expect((await api.send("POST", "/v1/acls", { json: { acls } })).status).toBe(200)
    const more = { ...manages, principal: "User:more" }
    expect(await api.refused("POST", "/v1/acls", { json: { acls: [more] } })).toMatchObject({
      code: "acls_full",
      maxAcls: 1_000,
    })
  })

  it("name the field that is wrong, in words", async () => {
    const api = serviceFor()
    const acl = { principal: "User:a", operation: "read", resourceType: "topic", resourceName: "orders" }
    const refusedFor = async (change: object): Promise<Problem["errors"]> =>
      (await api.refused("POST", "/v1/acls", { json: { acls: [acl, { ...acl, ...change }] } }))["errors"]
    expect(await refusedFor({ resourceType: "group", operation: "write" })).toEqual([
      { path: "acls[1].operation", message: "must be one that there is on a group: read, describe, delete, all" },
    ])
    expect(await refusedFor({ resourceType: "cluster", operation: "alter", resourceName: "kafka" })).toEqual([
      { path: "acls[1].resourceName", message: "of the cluster is stratalog, or left out" },
    ])
    expect(await refusedFor({ patternType: "prefixed", resourceName: "*" })).toMatchObject([
      { path: "acls[1].resourceName", message: expect.stringContaining("literal *") },
    ])
    expect(await refusedFor({ resourceName: undefined })).toEqual([
      { path: "acls[1].resourceName", message: "is missing" },
    ])
    expect(await refusedFor({ principal: "alice" })).toMatchObject([{ path: "acls[1].principal" }])
  })
})

describe("the longest access control list", () => {
  it("fits a sort key of DynamoDB", () => {
    const longest = [`User:${"/".repeat(200)}`, `IAM:arn:${"/".repeat(232)}`].map((principal) =>
      addAclsBody.parse({
        acls: [
          {
            principal,
            operation: "describe_configs",
            resourceType: "topic",
            patternType: "prefixed",
            resourceName: "x".repeat(249),
          },
        ],
      }),
    )
    for (const { acls } of longest) {
      for (const acl of acls) expect(Buffer.byteLength(bindingText(bindingOf(acl)))).toBeLessThanOrEqual(1_024)
    }
  })

  it("has names of the same length as keys have", () => {
    const longest = `User:${"x".repeat(200)}`
    expect(createKeyBody.safeParse({ principal: longest }).success).toBe(true)
    expect(createKeyBody.safeParse({ principal: `${longest}x` }).success).toBe(false)
    expect(addAclsBody.safeParse({ acls: [{ ...manages, principal: `${longest}x` }] }).success).toBe(false)
  })
})
