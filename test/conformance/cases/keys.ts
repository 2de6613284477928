/** What there is where callers show API keys. */
import assert from "node:assert/strict"
import type { AclInput, CreatedKey, CreateKeyBody, KeyList } from "stratalog/protocol"
import { conformanceCase, only, withKeys } from "../case.ts"
import type { CaseContext } from "../context.ts"

const bearer = (key: string) => ({ headers: { authorization: `Bearer ${key}` } })

/** A principal that nobody else uses. */
const nobody = (context: CaseContext) => `User:${context.newName("u")}`

/** A key that is revoked when `use` ends. */
async function withKey(
  context: CaseContext,
  body: CreateKeyBody,
  use: (key: CreatedKey) => Promise<void>,
): Promise<void> {
  const key = await context.call("createKey", 201, { body })
  try {
    await use(key)
  } finally {
    await context.send("revokeKey", { params: { key: key.id } })
  }
}

async function withAcls(context: CaseContext, acls: readonly AclInput[], use: () => Promise<void>): Promise<void> {
  await context.call("addAcls", 200, { body: { acls } })
  await context.accessArrives()
  try {
    await use()
  } finally {
    await context.call("removeAcls", 200, { body: { acls } })
  }
}

export const keyCases = [
  conformanceCase(
    "nobody is let in without a key that is known, whatever they send",
    ["whoami", "createKey", "revokeKey"],
    ["unauthenticated"],
    async (context) => {
      await withKey(context, { principal: nobody(context) }, async ({ key }) => {
        const wrong = [
          "",
          "Bearer",
          "Bearer ",
          "Bearer nonsense",
          `Basic ${key}`,
          key,
          `Bearer ${key}x`,
          `Bearer ${key}, Bearer ${key}`,
          `Bearer ${key.replace(/.$/, (last) => (last === "A" ? "E" : "A"))}`,
          `Bearer ${key.toUpperCase()}`,
          `Bearer ${key.replace(/^stk_.{16}/, "stk_aaaaaaaaaaaaaaaa")}`,
        ]
        for (const authorization of wrong) {
          const { detail } = await context.refused("whoami", "unauthenticated", { headers: { authorization } })
          assert.ok(!detail.includes(key.slice(21)), "a refusal does not repeat the secret")
        }
        await context.call("whoami", 200, bearer(key))
        await context.call("whoami", 200, { headers: { authorization: `bearer   ${key} ` } })
      })
    },
  ),

  conformanceCase(
    "a key is shown once, tells who sends it, and is gone once revoked",
    ["createKey", "listKeys", "whoami", "revokeKey"],
    ["key_not_found", "unauthenticated"],
    async (context) => {
      const principal = nobody(context)
      const body = { principal, description: "of the conformance suite", expiresIn: "1h" }
      const { key, ...told } = await context.call("createKey", 201, { body })
      assert.match(key, /^stk_[a-z2-7]{16}_[\w-]{43}$/)
      assert.equal(told.id, key.split("_")[1])
      assert.equal(told.expiresAt, told.createdAt + 3_600_000)
      const listed = await context.call("listKeys", 200, { query: { principal } })
      assert.deepEqual(listed.keys, [told])
      assert.ok(!JSON.stringify(listed).includes(key.slice(21)))
      assert.deepEqual(await context.call("whoami", 200, bearer(key)), {
        principal,
        superUser: false,
        access: "key",
        key: { id: told.id, expiresAt: told.expiresAt },
      })
      await context.call("revokeKey", 204, { params: { key: told.id } })
      await context.accessArrives()
      await context.refused("whoami", "unauthenticated", bearer(key))
      await context.refused("revokeKey", "key_not_found", { params: { key: told.id } })
      assert.deepEqual((await context.call("listKeys", 200, { query: { principal } })).keys, [])
    },
  ),

  conformanceCase(
    "lists keys by id, in pages, and those of one principal",
    ["createKey", "listKeys", "revokeKey"],
    ["invalid_request"],
    async (context) => {
      const principal = nobody(context)
      const ids: string[] = []
      for (let made = 0; made < 3; made++) {
        ids.push((await context.call("createKey", 201, { body: { principal } })).id)
      }
      const all: string[] = []
      for (let cursor: string | undefined; ; ) {
        const page: KeyList = await context.call("listKeys", 200, {
          query: { limit: 2, principal, ...(cursor && { cursor }) },
        })
        assert.ok(page.keys.length <= 2)
        all.push(...page.keys.map(({ id }) => id))
        if (page.nextCursor === undefined) break
        cursor = page.nextCursor
      }
      assert.deepEqual(all, ids.toSorted())
      await context.refused("listKeys", "invalid_request", { query: { cursor: "!!!" } })
      for (const key of ids) await context.call("revokeKey", 204, { params: { key } })
    },
  ),

  conformanceCase(
    "a key has to expire in the future, if ever",
    ["createKey", "revokeKey"],
    ["invalid_request"],
    async (context) => {
      const principal = nobody(context)
      for (const expiresAt of [0, 1]) {
        const { errors } = await context.refused("createKey", "invalid_request", { body: { principal, expiresAt } })
        assert.match(JSON.stringify(errors), /future/)
      }
      await withKey(context, { principal }, async ({ expiresAt }) => assert.equal(expiresAt, null))
    },
  ),

  conformanceCase(
    "who is allowed nothing learns nothing, and what is allowed is allowed",
    ["addAcls", "listAcls", "removeAcls", "describeTopic", "produceToPartition", "createKey"],
    ["not_authorized"],
    async (context) => {
      const topic = await context.newTopic(1)
      const principal = nobody(context)
      await withKey(context, { principal }, async ({ key }) => {
        const as = bearer(key)
        const records = { params: { topic, partition: 0 }, body: { records: [{ value: 1 }] }, ...as }
        const here = await context.refused("describeTopic", "not_authorized", { params: { topic }, ...as })
        const missing = { topic: context.newName("missing") }
        const there = await context.refused("describeTopic", "not_authorized", { params: missing, ...as })
        assert.equal(here.detail.replace(topic, ""), there.detail.replace(missing.topic, ""))
        assert.deepEqual(here["denied"], [{ operation: "describe", resourceType: "topic", resourceName: topic }])
        await context.refused("produceToPartition", "not_authorized", records)
        await context.refused("createKey", "not_authorized", { body: { principal, superUser: true }, ...as })
        await context.refused("listAcls", "not_authorized", as)
        const write = { principal, operation: "write", resourceType: "topic", resourceName: topic } as const
        await withAcls(context, [write], async () => {
          await context.call("produceToPartition", 200, records)
          await context.call("describeTopic", 200, { params: { topic }, ...as })
          await withAcls(context, [{ ...write, permission: "deny" }], async () => {
            await context.refused("produceToPartition", "not_authorized", records)
          })
        })
        await context.accessArrives()
        await context.refused("produceToPartition", "not_authorized", records)
      })
    },
  ),

  conformanceCase(
    "access control lists are added once, found by filters and removed",
    ["addAcls", "listAcls", "removeAcls"],
    [],
    async (context) => {
      const principal = nobody(context)
      const name = context.newName("a")
      const own = { principal, operation: "read", resourceType: "topic", resourceName: `${name}-b` } as const
      const prefixed = { ...own, resourceName: name, patternType: "prefixed" } as const
      const acls = [own, prefixed, own, { principal, operation: "alter", resourceType: "cluster" } as const]
      for (const repeated of [1, 2]) {
        const added = await context.call("addAcls", 200, { body: { acls } })
        assert.equal(added.acls.length, 3, `${repeated}`)
      }
      const find = async (query: Readonly<Record<string, string>>) => {
        const found = await context.call("listAcls", 200, { query: { principal, ...query } })
        return found.acls.map(({ patternType, resourceType, resourceName }) => [
          patternType,
          resourceType,
          resourceName,
        ])
      }
      const [literal, start] = [
        ["literal", "topic", `${name}-b`],
        ["prefixed", "topic", name],
      ]
      assert.equal((await find({})).length, 3)
      assert.deepEqual(await find({ resourceName: `${name}-b` }), [literal])
      assert.deepEqual(await find({ resourceName: `${name}-b`, patternType: "match" }), [literal, start])
      assert.deepEqual(await find({ resourceType: "topic", resourceName: name, patternType: "literal" }), [])
      assert.deepEqual(await find({ operation: "alter" }), [["literal", "cluster", "stratalog"]])
      const one = await context.call("removeAcls", 200, { body: { acls: [own, { ...own, operation: "write" }] } })
      assert.deepEqual(one.removed, [{ ...own, permission: "allow", patternType: "literal" }])
      const rest = await context.call("removeAcls", 200, { body: { filter: { principal } } })
      assert.equal(rest.removed.length, 2)
      assert.deepEqual((await context.call("removeAcls", 200, { body: { filter: { principal } } })).removed, [])
    },
  ),
].map((each) => only(withKeys, each))
