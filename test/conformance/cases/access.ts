import assert from "node:assert/strict"
import type { RouteId } from "stratalog/protocol"
import { conformanceCase, only, withoutAccess } from "../case.ts"
import type { CallRequest } from "../context.ts"

const KEY = { params: { key: "aeaqcaibaeaqcaib" } }
const ACL = { principal: "User:bob", operation: "read", resourceType: "topic", resourceName: "orders" }

const managing: readonly (readonly [RouteId, CallRequest])[] = [
  ["createKey", { body: { principal: "User:bob", superUser: true } }],
  ["listKeys", {}],
  ["revokeKey", KEY],
  ["listAcls", {}],
  ["addAcls", { body: { acls: [ACL] } }],
  ["removeAcls", { body: { acls: [ACL] } }],
]

export const accessCases = [
  conformanceCase("tells callers whom they are taken for", ["whoami"], [], async (context) => {
    const { principal, superUser, access, key } = await context.call("whoami", 200)
    assert.match(principal, /^(User|IAM):./)
    assert.ok(superUser, "the suite has to be allowed everything")
    assert.equal(key !== null, access === "key")
  }),

  conformanceCase(
    "keys and access control lists are validated like all else",
    ["createKey", "revokeKey", "addAcls", "listAcls", "removeAcls"],
    ["invalid_request"],
    async (context) => {
      const wrongKeys = [
        {},
        { principal: "bob" },
        { principal: "User:" },
        { principal: "User:*" },
        { principal: "IAM:arn:aws:iam::123456789012:role/billing" },
        { principal: "User:a b" },
        { principal: `User:${"x".repeat(201)}` },
        { principal: "User:bob", superUser: "yes" },
        { principal: "User:bob", description: "two\nlines" },
        { principal: "User:bob", expiresIn: "soon" },
        { principal: "User:bob", expiresIn: 0 },
        { principal: "User:bob", expiresAt: -1 },
        { principal: "User:bob", expiresIn: "1h", expiresAt: 9_000_000_000_000 },
        { principal: "User:bob", id: "aeaqcaibaeaqcaib" },
      ]
      for (const body of wrongKeys) await context.refused("createKey", "invalid_request", { body })
      await context.refused("revokeKey", "invalid_request", { params: { key: "not-a-key" } })
      const wrongAcls = [
        { ...ACL, principal: "bob" },
        { ...ACL, operation: "Read" },
        { ...ACL, operation: "cluster_action" },
        { ...ACL, resourceName: "" },
        { ...ACL, resourceName: "a/b" },
        { ...ACL, resourceName: "*", patternType: "prefixed" },
        { ...ACL, resourceType: "group", operation: "write" },
        { ...ACL, resourceType: "cluster" },
        { principal: "User:bob", operation: "read", resourceType: "topic" },
        { principal: "User:bob", operation: "alter", resourceType: "cluster", patternType: "prefixed" },
      ]
      for (const acl of wrongAcls) {
        await context.refused("addAcls", "invalid_request", { body: { acls: [ACL, acl] } })
        await context.refused("removeAcls", "invalid_request", { body: { acls: [acl] } })
      }
      await context.refused("addAcls", "invalid_request", { body: { acls: [] } })
      await context.refused("removeAcls", "invalid_request", { body: {} })
      await context.refused("removeAcls", "invalid_request", { body: { filter: {} } })
      await context.refused("removeAcls", "invalid_request", { body: { acls: [ACL], filter: { operation: "read" } } })
      await context.refused("listAcls", "invalid_request", { query: { patternType: "regex" } })
    },
  ),

  only(
    withoutAccess,
    conformanceCase(
      "keeps no keys and no access control lists while nobody is asked who they are",
      managing.map(([route]) => route),
      ["access_control_off"],
      async (context) => {
        for (const [route, request] of managing) await context.refused(route, "access_control_off", request)
      },
    ),
  ),
]
