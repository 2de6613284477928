/** What is asked of topics. */
import type { Operation, Requirement } from "../../access/acl.ts"
import type { Caller } from "../../access/caller.ts"
import { literalPrefix } from "../../groups/members/literal-prefix.ts"
import { isPattern } from "../../groups/members/subscriptions.ts"
import { Refusal } from "../exchange.ts"
import { deniedTo } from "./denied.ts"

export function onTopic(operation: Operation, resourceName: string): Requirement {
  return { operation, resourceType: "topic", resourceName }
}

/** A pattern takes the right to whatever it may ever match: a topic that is made later is nobody's to refuse then. */
export function onSubscription(operation: Operation, topic: string): Requirement {
  return isPattern(topic)
    ? { ...onTopic(operation, literalPrefix(topic)), patternType: "prefixed" }
    : onTopic(operation, topic)
}

/** Whether the caller may do that to a topic, or to whatever a pattern may match. The same topics come again and again. */
export function topicsAllowed(caller: Caller, operation: Operation): (topic: string) => boolean {
  if (caller.superUser) return () => true
  const known = new Map<string, boolean>()
  return (topic) => {
    const allowed = known.get(topic) ?? caller.allows(onSubscription(operation, topic))
    known.set(topic, allowed)
    return allowed
  }
}

/** For topics that the request does not name: the refusal names those alone that the caller may know of. */
export function deniedTopics(caller: Caller, operation: Operation, topics: readonly string[]): Refusal {
  const shown = topics.filter(topicsAllowed(caller, "describe")).map((topic) => onTopic(operation, topic))
  if (shown.length > 0) return deniedTo(caller, shown)
  const detail = `${caller.name} is not allowed to ${operation} topics that this is about.`
  return new Refusal("not_authorized", detail, { denied: [] })
}

/** Throws a `Refusal` where a member has partitions of topics that its caller may not read. */
export function requireReadable(caller: Caller, assignment: readonly { readonly topic: string }[]): void {
  const mayRead = topicsAllowed(caller, "read")
  const denied = assignment.map(({ topic }) => topic).filter((topic) => !mayRead(topic))
  if (denied.length > 0) throw deniedTopics(caller, "read", denied)
}
