/** Groups, their members and partitions as they are shown. Pure. */
import type { GroupLook, GroupState } from "./look.ts"
import { type Pace, paceOf, paceOfAll } from "./pace.ts"
import { progressKey, type Seen } from "./seen.ts"

export interface GroupRow extends Pace {
  readonly group: string
  readonly state: GroupState
  readonly members: number
  readonly partitions: number
}

export interface LagRow extends Pace {
  readonly group: string
  readonly topic: string
  readonly partition: number
  readonly committedOffset: number | null
  readonly logStartOffset: number
  readonly highWatermark: number
  /** Who reads it; null: nobody. */
  readonly memberId: string | null
}

export interface MemberRow extends Pace {
  readonly group: string
  /** Null: what nobody reads. */
  readonly memberId: string | null
  readonly instanceId: string | null
  /** Epoch milliseconds. */
  readonly lastSeen: number | null
  readonly partitions: number
}

export function lagRows(seen: Seen): readonly LagRow[] {
  return seen.look.groups.flatMap((group) => lagRowsOf(group, seen))
}

function lagRowsOf(group: GroupLook, { progress }: Seen): readonly LagRow[] {
  return group.partitions.map((row) => ({
    group: group.group,
    ...row,
    ...paceOf(progress.get(progressKey(group, row.topic, row.partition)) ?? []),
  }))
}

export function groupRows(seen: Seen): readonly GroupRow[] {
  return seen.look.groups.map((group) => ({
    group: group.group,
    state: group.state,
    members: group.members.length,
    partitions: group.partitions.length,
    ...paceOfAll(lagRowsOf(group, seen)),
  }))
}

/** Also members that have no partition, and what no member reads. */
export function memberRows(seen: Seen): readonly MemberRow[] {
  return seen.look.groups.flatMap((group) => {
    const rows = lagRowsOf(group, seen)
    const members = group.members.map(({ memberId, instanceId = null, lastSeen }) => ({
      memberId,
      instanceId,
      lastSeen,
    }))
    const ids = new Set<string | null>(members.map(({ memberId }) => memberId))
    const others = new Set(rows.map(({ memberId }) => memberId).filter((memberId) => !ids.has(memberId)))
    const unnamed = [...others].map((memberId) => ({ memberId, instanceId: null, lastSeen: null }))
    return [...members, ...unnamed].map((member) => {
      const read = rows.filter(({ memberId }) => memberId === member.memberId)
      return { group: group.group, ...member, partitions: read.length, ...paceOfAll(read) }
    })
  })
}
