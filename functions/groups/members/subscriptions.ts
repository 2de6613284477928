/** Which topics members subscribe to: names, and patterns that begin with `^` and match whole names. */
import type { Subscriber } from "../assign/assign.ts"
import type { GroupMember, GroupState } from "./state.ts"

/** A topic as it is now. */
export interface LiveTopic {
  readonly topicId: string
  readonly topic: string
  readonly partitions: number
}

/** Of a pattern: whether it matches the whole of a name. */
export type MatchPattern = (pattern: string) => (name: string) => boolean

export interface Subscriptions {
  readonly names: readonly string[]
  readonly patterns: readonly string[]
}

/** All that has to be looked up before a request is decided: of members and of who asks, and what is still held. Each once. */
export function subscriptionsOf(state: GroupState | undefined, requested: readonly string[] = []): Subscriptions {
  const { members = [], topics = [] } = state ?? {}
  const held = topics.map(({ topic }) => topic)
  const all = [...new Set([...members.flatMap((member) => member.topics), ...held, ...requested])].sort()
  return { names: all.filter((text) => !isPattern(text)), patterns: all.filter(isPattern) }
}

export function isPattern(subscription: string): boolean {
  return subscription.startsWith("^")
}

/** Each member with the topics, of these, that it subscribes to. */
export function subscribers(
  members: readonly GroupMember[],
  topics: readonly { readonly topic: string }[],
  match: MatchPattern,
): readonly Subscriber[] {
  const resolved = new Map<string, ReadonlySet<string>>()
  const resolve = (subscriptions: readonly string[]) => {
    const key = JSON.stringify(subscriptions)
    const names = resolved.get(key) ?? namesOf(subscriptions, topics, match)
    resolved.set(key, names)
    return names
  }
  return members.map(({ memberId, instanceId, assignor, topics: subscriptions }) => {
    const named = instanceId === undefined ? {} : { instanceId }
    return { memberId, ...named, assignor, topics: resolve(subscriptions) }
  })
}

function namesOf(
  subscriptions: readonly string[],
  topics: readonly { readonly topic: string }[],
  match: MatchPattern,
): ReadonlySet<string> {
  const named = new Set(subscriptions.filter((text) => !isPattern(text)))
  const patterns = subscriptions.filter(isPattern).map(match)
  const isMeant = (name: string) => named.has(name) || patterns.some((matches) => matches(name))
  return new Set(topics.map(({ topic }) => topic).filter(isMeant))
}
