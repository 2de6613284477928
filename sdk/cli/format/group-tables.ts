/** A group for people: its members, what they read, and how far behind it is. */
import type { GroupDescription } from "../../client/groups.ts"
import type { TopicPartitions } from "../../protocol/schemas/members.ts"
import type { Session } from "../session.ts"
import { tableLines } from "./table.ts"

type Member = GroupDescription["members"][number]

export function memberLines({ paint, show }: Session, { members }: GroupDescription): string[] {
  if (members.length === 0) return ["No members."]
  return tableLines(
    [
      { header: "MEMBER", cell: (member: Member) => member.memberId },
      { header: "INSTANCE", cell: ({ instanceId }) => instanceId ?? "-" },
      { header: "EPOCH", align: "right", cell: ({ memberEpoch }) => String(memberEpoch) },
      { header: "LAST SEEN", cell: ({ lastSeen }) => show.time(lastSeen) },
      { header: "SUBSCRIBED", cell: ({ topics }) => topics.join(",") },
      { header: "READS", cell: ({ assignment }) => partitionsText(assignment) },
      { header: "GIVES UP", cell: ({ revoking }) => partitionsText(revoking) },
    ],
    members,
    paint,
  )
}

/** `orders:0-2,5 clicks:1`, or `-`. */
export function partitionsText(all: readonly TopicPartitions[]): string {
  const named = all.filter(({ partitions }) => partitions.length > 0)
  if (named.length === 0) return "-"
  return named.map(({ topic, partitions }) => `${topic}:${rangesText(partitions)}`).join(" ")
}

function rangesText(partitions: readonly number[]): string {
  const ranges: [from: number, to: number][] = []
  for (const partition of [...partitions].sort((a, b) => a - b)) {
    const last = ranges.at(-1)
    if (last !== undefined && partition === last[1] + 1) last[1] = partition
    else ranges.push([partition, partition])
  }
  return ranges.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(",")
}
