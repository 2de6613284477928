/** For which names of a type something is allowed, as patterns: a list looks at no others. Pure. */
import { type AclBinding, ALL, type Principal, type Requirement, type ResourceType } from "./acl.ts"
import { concerns, createsAnyTopic, grants } from "./decide.ts"

export interface NamePattern {
  readonly name: string
  /** Every name that begins so; otherwise this very name. */
  readonly isPrefix: boolean
}

/** What is allowed and not denied. Both by name, and no pattern says what another one says already. */
export interface Visible {
  readonly allowed: readonly NamePattern[]
  readonly denied: readonly NamePattern[]
}

/** For whom nothing is hidden. */
export const everything: Visible = { allowed: [{ name: "", isPrefix: true }], denied: [] }

type Kind = Omit<Requirement, "resourceName" | "patternType">

/** What may be described: lists show it. */
export function visibleTo(bindings: readonly AclBinding[], principal: Principal, resourceType: ResourceType): Visible {
  return principal.superUser ? everything : namesFor(bindings, principal, { operation: "describe", resourceType })
}

/** Whether there may be a resource of the type for which this is allowed: for requests that name none. */
export function isAllowedSomewhere(bindings: readonly AclBinding[], principal: Principal, required: Kind): boolean {
  if (principal.superUser || namesFor(bindings, principal, required).allowed.length > 0) return true
  return bindings.some((binding) => {
    return binding.permission === "allow" && concerns(binding, principal) && createsAnyTopic(binding, required)
  })
}

function namesFor(bindings: readonly AclBinding[], principal: Principal, { operation, resourceType }: Kind): Visible {
  const own = bindings.filter((binding) => binding.resourceType === resourceType && concerns(binding, principal))
  const denying = own.filter((each) => each.permission === "deny" && [operation, "all"].includes(each.operation))
  const allowing = own.filter((each) => each.permission === "allow" && grants(each.operation, operation))
  const denied = least(denying.map(patternOf))
  return { allowed: least(allowing.map(patternOf)).filter((each) => !denied.some((one) => covers(one, each))), denied }
}

/** Greater than every character of a name. */
const AFTER_NAMES = "~"

/** The last text that any name of the pattern comes before, or that it is. */
export function endOf({ name, isPrefix }: NamePattern): string {
  return isPrefix ? `${name}${AFTER_NAMES}` : name
}

export function matches({ name, isPrefix }: NamePattern, candidate: string): boolean {
  return isPrefix ? candidate.startsWith(name) : candidate === name
}

/** The names that both mean; undefined: there are none. */
export function both(one: NamePattern, prefix: string): NamePattern | undefined {
  if (one.name.startsWith(prefix)) return one
  return one.isPrefix && prefix.startsWith(one.name) ? { name: prefix, isPrefix: true } : undefined
}

function patternOf({ patternType, resourceName }: AclBinding): NamePattern {
  if (patternType === "prefixed") return { name: resourceName, isPrefix: true }
  return resourceName === ALL ? { name: "", isPrefix: true } : { name: resourceName, isPrefix: false }
}

function covers(one: NamePattern, other: NamePattern): boolean {
  return one.isPrefix ? other.name.startsWith(one.name) : !other.isPrefix && other.name === one.name
}

/** All names that a prefix means follow each other, so that it is enough to look at the pattern before. */
function least(patterns: readonly NamePattern[]): readonly NamePattern[] {
  const kept: NamePattern[] = []
  for (const pattern of patterns.toSorted(byName)) {
    const before = kept.at(-1)
    if (before === undefined || !covers(before, pattern)) kept.push(pattern)
  }
  return kept
}

/** The prefix before the name that is alike. */
function byName(one: NamePattern, other: NamePattern): number {
  if (one.name !== other.name) return one.name < other.name ? -1 : 1
  return Number(other.isPrefix) - Number(one.isPrefix)
}
