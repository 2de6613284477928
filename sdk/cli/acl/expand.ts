/** From what was said, each thing perhaps several times, to every access control list that it means. Pure. */
import type { AclFilter, AclInput } from "../../client/acls.ts"
import { usageFailure } from "../failure.ts"
import type { Operation } from "./words.ts"

/** What the options of `strata acl` say. */
export interface AclOptions {
  readonly allowPrincipal?: readonly string[]
  readonly denyPrincipal?: readonly string[]
  readonly operation?: readonly Operation[]
  readonly topic?: readonly string[]
  readonly group?: readonly string[]
  readonly cluster?: boolean
  readonly resourcePatternType?: "any" | "match" | "literal" | "prefixed"
  readonly producer?: boolean
  readonly consumer?: boolean
}

/** Also who, whether allowed or denied: to find lists. */
export interface AclFilterOptions extends AclOptions {
  readonly principal?: readonly string[]
}

type Resource = Pick<AclInput, "resourceType" | "resourceName" | "patternType">
type Who = Pick<AclInput, "principal" | "permission">

/** What Kafka's conveniences allow; nothing is created here by writing to it, so that a producer need not create. */
const PRODUCER: readonly Operation[] = ["write", "describe"]
const CONSUMER: readonly Operation[] = ["read", "describe"]

/** Every list that is meant, each once. Fails where something is missing that it takes. */
export function expandAcls(options: AclOptions): readonly AclInput[] {
  const { operation = [], producer, consumer, denyPrincipal = [], topic = [], group = [] } = options
  const convenient = producer === true || consumer === true
  const who = whoOf(options)
  if (who.length === 0) throw usageFailure("Say who: --allow-principal or --deny-principal, such as User:alice.")
  if (operation.length > 0 && convenient) throw usageFailure("Say --operation, or --producer and --consumer: not both.")
  if (convenient && denyPrincipal.length > 0) throw usageFailure("--producer and --consumer allow, and deny nothing.")
  if (convenient && topic.length === 0) throw usageFailure("--producer and --consumer take a topic: --topic.")
  if (consumer === true && group.length === 0) throw usageFailure("--consumer takes a group as well: --group.")
  const allowed = convenient ? convenience(options) : said(options)
  return once(who.flatMap((one) => allowed.map((what) => ({ ...one, ...what }))))
}

/** Every filter that is meant; what was not said is anything. */
export function expandFilters(options: AclFilterOptions): readonly AclFilter[] {
  const { operation = [], principal = [], resourcePatternType } = options
  const who = [...whoOf(options), ...principal.map((name) => ({ principal: name }))]
  const resources = resourcesOf(options, resourcePatternType)
  const each = <Part>(parts: readonly Part[]): readonly (Part | object)[] => (parts.length === 0 ? [{}] : parts)
  const filters = each(who).flatMap((one) =>
    each(resources).flatMap((resource) =>
      each(operation.map((word) => ({ operation: word }))).map((what): AclFilter => ({ ...one, ...resource, ...what })),
    ),
  )
  return once(filters)
}

/** Whether a removal names its lists one by one, and not all that have something in common. */
export function namesEach(options: AclFilterOptions): boolean {
  const { producer, consumer, operation = [], principal = [], resourcePatternType = "literal" } = options
  const exact = resourcePatternType === "literal" || resourcePatternType === "prefixed"
  const what = producer === true || consumer === true || operation.length > 0
  return exact && what && principal.length === 0 && whoOf(options).length > 0 && resourcesOf(options).length > 0
}

function said(options: AclOptions): readonly Omit<AclInput, "principal">[] {
  const { operation = [], resourcePatternType = "literal" } = options
  if (operation.length === 0)
    throw usageFailure("Say what: --operation (All for everything), --producer or --consumer.")
  const resources = resourcesOf(options, resourcePatternType)
  if (resources.length === 0) throw usageFailure("Say on what: --topic, --group or --cluster.")
  return resources.flatMap((resource) => operation.map((word) => ({ operation: word, ...exactly(resource) })))
}

function convenience(options: AclOptions): readonly Omit<AclInput, "principal">[] {
  const { topic, group = [], producer, consumer, cluster, resourcePatternType = "literal" } = options
  if (cluster === true || (group.length > 0 && consumer !== true)) {
    throw usageFailure("--producer is about topics, and --consumer about topics and groups.")
  }
  const onTopics = [...(producer === true ? PRODUCER : []), ...(consumer === true ? CONSUMER : [])]
  const topics = resourcesOf({ ...(topic && { topic }) }, resourcePatternType).map(exactly)
  const groups = resourcesOf({ group }, resourcePatternType).map(exactly)
  return [
    ...topics.flatMap((resource) => onTopics.map((operation) => ({ operation, ...resource }))),
    ...groups.map((resource) => ({ operation: "read" as const, ...resource })),
  ]
}

function whoOf({ allowPrincipal = [], denyPrincipal = [] }: AclOptions): readonly Who[] {
  return [
    ...allowPrincipal.map((principal) => ({ principal, permission: "allow" as const })),
    ...denyPrincipal.map((principal) => ({ principal, permission: "deny" as const })),
  ]
}

type NamedResource = Omit<Resource, "patternType"> & Pick<AclFilter, "patternType">

/** There is one cluster, whose name nobody says. */
function resourcesOf(
  { topic = [], group = [], cluster }: Pick<AclOptions, "topic" | "group" | "cluster">,
  patternType?: AclOptions["resourcePatternType"],
): readonly NamedResource[] {
  const named = (resourceType: "topic" | "group") => (resourceName: string) => {
    return { resourceType, resourceName, ...(patternType !== undefined && { patternType }) }
  }
  return [
    ...topic.map(named("topic")),
    ...group.map(named("group")),
    ...(cluster === true ? [{ resourceType: "cluster" as const }] : []),
  ]
}

function exactly({ patternType, ...resource }: NamedResource): Resource {
  if (patternType === "any" || patternType === "match") {
    throw usageFailure(`--resource-pattern-type ${patternType} finds lists; one says literal or prefixed.`)
  }
  return { ...resource, ...(patternType !== undefined && { patternType }) }
}

/** Each value, where several are the same, once. */
export function once<Value>(values: readonly Value[]): readonly Value[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()]
}
