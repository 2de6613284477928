/** Which names of a type somebody may describe, as patterns: a list looks at no others. Pure. */
import type { AclBinding, Principal, ResourceType } from "./acl.ts"
import { ALL } from "./acl.ts"
import { concerns, grants } from "./decide.ts"

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

export function visibleTo(bindings: readonly AclBinding[], principal: Principal, type: ResourceType): Visible {
  if (principal.superUser) return everything
  const own = bindings.filter((binding) => binding.resourceType === type && concerns(binding, principal))
  const denying = own.filter(({ permission, operation }) => {
    return permission === "deny" && (operation === "describe" || operation === "all")
  })
  const allowing = own.filter(({ permission, operation }) => permission === "allow" && grants(operation, "describe"))
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
