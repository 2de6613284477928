import type { MemberSeen } from "../ports.ts"
import type { GroupMember, GroupState } from "./state.ts"

export type Seen = ReadonlyMap<string, MemberSeen>

/** When its last request came. */
export function lastSeenOf(member: GroupMember, seen: Seen): number {
  return Math.max(seen.get(member.memberId)?.at ?? member.joinedAt, member.joinedAt)
}

/** Silent for longer than its session. A clock that went back makes nobody silent. */
export function isSilent(member: GroupMember, seen: Seen, now: number): boolean {
  return now - lastSeenOf(member, seen) > member.sessionTimeoutMs
}

/** Holds others up: it has not given up in time what it was told to. */
export function isOverdue({ revokingSince, rebalanceTimeoutMs }: GroupMember, now: number): boolean {
  return revokingSince !== undefined && now - revokingSince > rebalanceTimeoutMs
}

export function liveMembers(state: GroupState | undefined, seen: Seen, now: number): readonly GroupMember[] {
  return (state?.members ?? []).filter((member) => !isSilent(member, seen, now))
}

/** Ids of those who have to go, never of `except`: who asks is there. */
export function lostMembers(state: GroupState, seen: Seen, now: number, except: string): readonly string[] {
  return state.members
    .filter((member) => member.memberId !== except && (isSilent(member, seen, now) || isOverdue(member, now)))
    .map(({ memberId }) => memberId)
}
