/** Access control lists: Kafka's model, in JSON. */
import * as z from "zod/mini"
import { LEGAL_NAME, NAME_RULE } from "../names.ts"
import { described } from "./documented.ts"
import { principal } from "./principals.ts"

/** The one resource of type `cluster`. */
export const CLUSTER = "stratalog"

/** What can be allowed on what, beside `all`: as in Kafka, and no more than asks for it there. */
export const aclOperations = {
  topic: ["read", "write", "create", "delete", "alter", "describe", "alter_configs", "describe_configs"],
  group: ["read", "describe", "delete"],
  cluster: ["create", "alter", "describe", "alter_configs", "describe_configs"],
} as const

export const MAX_ACLS = 1_000

const operation = z.enum([...aclOperations.topic, "all"])
const resourceType = z.enum(["topic", "group", "cluster"])
const permission = z.enum(["allow", "deny"])
const name = z.string().check(z.minLength(1), z.maxLength(249))

const fields = {
  principal,
  permission: described(permission, "Deny beats allow; what nothing allows is denied"),
  operation: described(operation, "Kafka's operations in lower case; all: every one of that type of resource"),
  resourceType,
  resourceName: described(name, `A name, the start of names, or * for all of that type; of the cluster ${CLUSTER}`),
  patternType: described(
    z.enum(["literal", "prefixed"]),
    "literal: this very name, or all where the name is *. prefixed: every name that begins so",
  ),
}

export const acl = z.object(fields)

export const aclInput = z
  .strictObject({
    ...fields,
    permission: described(z.optional(permission), `${meaning(fields.permission)}. Default allow`),
    resourceName: described(
      z.optional(name),
      `A name, the start of names, or * for all of that type; of the cluster it may be left out`,
    ),
    patternType: described(z.optional(fields.patternType), `${meaning(fields.patternType)}. Default literal`),
  })
  .check(({ value, issues }) => {
    for (const [path, message] of faults(value)) issues.push({ code: "custom", path: [path], message, input: value })
  })

interface Parts {
  readonly operation: z.infer<typeof operation>
  readonly resourceType: z.infer<typeof resourceType>
  readonly resourceName?: string | undefined
  readonly patternType?: "literal" | "prefixed" | undefined
}

function faults({ operation, resourceType, resourceName, patternType = "literal" }: Parts): [string, string][] {
  const known: readonly string[] = [...aclOperations[resourceType], "all"]
  const wrong = known.includes(operation)
    ? []
    : [["operation", `must be one that there is on a ${resourceType}: ${known.join(", ")}`] satisfies [string, string]]
  const refused =
    resourceType === "cluster" ? clusterFault(resourceName, patternType) : nameFault(resourceName, patternType)
  return refused === undefined ? wrong : [...wrong, refused]
}

function clusterFault(name: string | undefined, patternType: string): [string, string] | undefined {
  if (name !== undefined && name !== CLUSTER) return ["resourceName", `of the cluster is ${CLUSTER}, or left out`]
  return patternType === "literal" ? undefined : ["patternType", "of the cluster is literal: there is one"]
}

/** The start of a name is itself no name where it is `.` or `..`, and still begins some. */
function nameFault(name: string | undefined, patternType: string): [string, string] | undefined {
  if (name === undefined) return ["resourceName", "is missing"]
  if (patternType === "prefixed") {
    return LEGAL_NAME.test(`${name}x`.slice(-249)) && name !== "*"
      ? undefined
      : ["resourceName", `must be the start of names: ${NAME_RULE}; for all there are: literal *`]
  }
  return name === "*" || LEGAL_NAME.test(name) ? undefined : ["resourceName", `must be ${NAME_RULE}, or * for all`]
}

function meaning(schema: z.ZodMiniType): string {
  return z.globalRegistry.get(schema)?.description ?? ""
}

const filter = {
  principal: described(z.optional(principal), "Only those for this principal, as it is written there"),
  permission: z.optional(permission),
  operation: described(z.optional(operation), "Only those that say this very operation"),
  resourceType: z.optional(resourceType),
  resourceName: z.optional(name),
  patternType: described(
    z.optional(z.enum(["any", "match", "literal", "prefixed"])),
    "any: whose name is `resourceName`. match: that concern a resource of that name: its own, prefixes of it, and *. Default any",
  ),
}

export const listAclsQuery = z.strictObject(filter)
export const aclFilter = z.strictObject(filter).check(
  z.refine((given) => Object.values(given).some((value) => value !== undefined), {
    message: 'must not be empty, as it would take all there are; {"patternType":"any"} does',
  }),
)
export const aclList = described(
  z.object({ acls: z.array(acl) }),
  "In the order of permission, operation, resource and principal",
)

const acls = z.array(aclInput).check(z.minLength(1), z.maxLength(MAX_ACLS))
export const addAclsBody = z.strictObject({ acls })
export const addedAcls = z.object({ acls: described(z.array(acl), "All that was asked for, each once, whole") })

export const removeAclsBody = z
  .strictObject({
    acls: described(z.optional(acls), "These very ones"),
    filter: described(z.optional(aclFilter), "All that it finds, as `GET /v1/acls` would"),
  })
  .check(
    z.refine(({ acls, filter }) => (acls === undefined) !== (filter === undefined), "say which: either acls or filter"),
  )
export const removedAcls = z.object({ removed: described(z.array(acl), "Those that were there, and are not any more") })

export type Acl = z.infer<typeof acl>
export type AclInput = z.infer<typeof aclInput>
export type AclFilter = z.infer<typeof listAclsQuery>
export type AclList = z.infer<typeof aclList>
export type RemoveAclsBody = z.infer<typeof removeAclsBody>
export type RemovedAcls = z.infer<typeof removedAcls>
