import { createdKey, createKeyBody, keyList, keyParams, listKeysQuery, whoami } from "../schemas/access.ts"
import { aclList, addAclsBody, addedAcls, listAclsQuery, removeAclsBody, removedAcls } from "../schemas/acls.ts"
import { paths } from "./paths.ts"
import { bodyErrors, none, route, writeErrors } from "./route.ts"

/** Who may do what: API keys and access control lists. */
export const accessRoutes = {
  createKey: route({
    id: "createKey",
    ...paths.createKey,
    tag: "Access",
    access: ["alter cluster"],
    audit: ["principal", "superUser", "expiresIn", "expiresAt"],
    summary: "Create an API key",
    description:
      "The answer shows the key this once; only its hash is kept. A principal may have several keys, so that one can be " +
      "changed for another without a pause. Where the answer is lost there may be a key that nobody knows: revoke it. " +
      "Keys of super-users are made by super-users alone.",
    params: none,
    query: none,
    body: { json: createKeyBody },
    responses: { 201: { description: "Created", json: createdKey } },
    errors: [...bodyErrors, "access_control_off", ...writeErrors],
  }),
  listKeys: route({
    id: "listKeys",
    ...paths.listKeys,
    tag: "Access",
    access: ["describe cluster"],
    summary: "List API keys",
    description: "By id, a page at a time, also those that have expired. Neither keys nor their hashes.",
    params: none,
    query: listKeysQuery,
    responses: { 200: { description: "A page of keys", json: keyList } },
    errors: ["access_control_off"],
  }),
  revokeKey: route({
    id: "revokeKey",
    ...paths.revokeKey,
    tag: "Access",
    access: ["alter cluster"],
    audit: ["key"],
    summary: "Revoke an API key",
    description:
      "It is not taken any more from then on: in other processes within `accessDelayMs` of `/v1/limits`. So may be the key " +
      "that the request itself carries. The last key of a super-user is kept. Keys of super-users are revoked by super-users alone.",
    params: keyParams,
    query: none,
    responses: { 204: { description: "Revoked" } },
    errors: ["key_not_found", "last_super_key", "access_control_off", ...writeErrors],
  }),
  listAcls: route({
    id: "listAcls",
    ...paths.listAcls,
    tag: "Access",
    access: ["describe cluster"],
    summary: "List access control lists",
    description: "All of them, or those that a filter finds (Kafka's DescribeAcls).",
    params: none,
    query: listAclsQuery,
    responses: { 200: { description: "What is in force", json: aclList } },
    errors: ["access_control_off"],
  }),
  addAcls: route({
    id: "addAcls",
    ...paths.addAcls,
    tag: "Access",
    access: ["alter cluster"],
    audit: ["acls"],
    summary: "Add access control lists",
    description:
      "All of them or none (Kafka's CreateAcls); where the outcome is unknown, some may be there. Adding one that is there " +
      "changes nothing: safe to repeat. In force in other processes within `accessDelayMs` of `/v1/limits`.",
    params: none,
    query: none,
    body: { json: addAclsBody },
    responses: { 200: { description: "In force", json: addedAcls } },
    errors: [...bodyErrors, "acls_full", "access_control_off", ...writeErrors],
  }),
  removeAcls: route({
    id: "removeAcls",
    ...paths.removeAcls,
    tag: "Access",
    access: ["alter cluster"],
    audit: ["acls", "filter"],
    summary: "Remove access control lists",
    description: "Those that are named, or all that a filter finds (Kafka's DeleteAcls). Safe to repeat.",
    params: none,
    query: none,
    body: { json: removeAclsBody },
    responses: { 200: { description: "What was removed", json: removedAcls } },
    errors: [...bodyErrors, "access_control_off", ...writeErrors],
  }),
  whoami: route({
    id: "whoami",
    ...paths.whoami,
    tag: "Access",
    access: "known",
    summary: "Who am I?",
    description: "Whom the service takes the caller for, and by what.",
    params: none,
    query: none,
    responses: { 200: { description: "The caller", json: whoami } },
    errors: [],
  }),
} as const
