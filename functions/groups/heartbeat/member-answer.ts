import type { AssignedTopic } from "stratalog/protocol"
import { assignmentOf, heartbeatIntervalOf } from "../members/assignment.ts"
import type { MemberIn } from "../membership/take-part.ts"

/** What a member is told of itself. */
export interface MemberAnswer {
  readonly memberId: string
  readonly memberEpoch: number
  /** Milliseconds. */
  readonly heartbeatInterval: number
  /** By topic name and partition. */
  readonly assignment: readonly AssignedTopic[]
}

export function memberAnswer({ state, member }: MemberIn): MemberAnswer {
  const { memberId, memberEpoch } = member
  const heartbeatInterval = heartbeatIntervalOf(state, member)
  return { memberId, memberEpoch, heartbeatInterval, assignment: assignmentOf(state, memberId) }
}
