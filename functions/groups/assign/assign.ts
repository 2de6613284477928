/** Who shall have which partition: targets, from the members, what they subscribe to, and who had it so far. */
import type { Assignor } from "stratalog/protocol"
import type { GroupTopic } from "../members/state.ts"
import { assignRange } from "./range.ts"
import { assignRoundRobin } from "./round-robin.ts"
import { assignUniform } from "./uniform.ts"

export interface Subscriber {
  readonly memberId: string
  readonly instanceId?: string
  readonly assignor: Assignor
  /** Names of topics: patterns are resolved. */
  readonly topics: ReadonlySet<string>
}

/** Member ids by topic and partition, in the order of the topics; undefined: nobody subscribes to it. */
export type Targets = readonly (readonly (string | undefined)[])[]

/** Members in the order in which they joined; of topics, by name, the numbers, holders and former targets of partitions count. */
export type Assign = (members: readonly Subscriber[], topics: readonly GroupTopic[]) => Targets

const assigns: Readonly<Record<Assignor, Assign>> = {
  range: assignRange,
  roundrobin: assignRoundRobin,
  uniform: assignUniform,
}

/** Giving the result back as targets changes nothing any more, whatever the assignor. */
export const assign: Assign = (members, topics) => {
  const assignor = assignorOf(members)
  return assignor === undefined ? topics.map(nobody) : assigns[assignor](members, topics)
}

/** The one that most members want; with as many for another one, uniform. Undefined: there are no members. */
export function assignorOf(members: readonly { readonly assignor: Assignor }[]): Assignor | undefined {
  if (members.length === 0) return undefined
  const votes = { uniform: 0, range: 0, roundrobin: 0 }
  for (const { assignor } of members) votes[assignor]++
  if (votes.range > Math.max(votes.uniform, votes.roundrobin)) return "range"
  return votes.roundrobin > Math.max(votes.uniform, votes.range) ? "roundrobin" : "uniform"
}

function nobody(topic: GroupTopic): undefined[] {
  return topic.partitions.map(() => undefined)
}
