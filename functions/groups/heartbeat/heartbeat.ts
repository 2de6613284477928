/** Joins a group, keeps its member alive, hears what it reads and tells it what it may read; or lets it leave. */
import type { HeartbeatBody } from "stratalog/protocol"
import type { GroupDependencies } from "../dependencies.ts"
import { leaveGroup } from "../leave/leave-group.ts"
import { readGroup } from "../membership/read-group.ts"
import { type MemberRefusal, noteRequest, takePart, whereItStands } from "../membership/take-part.ts"
import { type MemberAnswer, memberAnswer } from "./member-answer.ts"

export type HeartbeatResult = { readonly kind: "member"; readonly answer: MemberAnswer } | MemberRefusal

type Deps = Pick<GroupDependencies, "groups" | "subscribed" | "sessionClock" | "changes" | "pause">

/** Throws `StorageUnavailable` where topics cannot be looked up. */
export async function heartbeat(
  deps: Deps,
  group: string,
  memberId: string,
  body: HeartbeatBody,
): Promise<HeartbeatResult> {
  const { number: given, ...request } = body
  const noted = await noteRequest(deps, group, memberId, given)
  if (noted.kind === "unavailable") return noted
  const { number } = noted
  if (noted.kind === "touched" && request.memberEpoch === LEAVE) return leave(deps, group, memberId, number)
  const result =
    noted.kind === "late"
      ? await present(deps, group, memberId)
      : await takePart(deps, group, { ...request, memberId, number })
  if (result.kind !== "member" && result.kind !== "overtaken") return result
  return { kind: "member", answer: memberAnswer(result) }
}

const LEAVE = -1

async function present(deps: Deps, group: string, memberId: string) {
  const found = await readGroup(deps, group)
  return found.kind === "unavailable" ? found : whereItStands(found.state, memberId)
}

/** Once it has left, it may read nothing and has nothing to send. */
async function leave(deps: Deps, group: string, memberId: string, number: number): Promise<HeartbeatResult> {
  const result = await leaveGroup(deps, group, memberId, number)
  if (result.kind !== "left") return result
  return { kind: "member", answer: { memberId, memberEpoch: 0, heartbeatInterval: NEVER_MS, assignment: [] } }
}

const NEVER_MS = 2 ** 31 - 1
