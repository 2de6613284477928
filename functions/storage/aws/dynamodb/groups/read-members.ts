import type { GroupState } from "../../../../groups/members/state.ts"
import type { MemberSeen, MembersOutcome } from "../../../../groups/ports.ts"
import { decodeSeen, decodeState, isState, membersKey } from "../codec/group-members.ts"
import { unavailableReading } from "../failures.ts"
import { queryPages } from "../query-pages.ts"
import type { TableClients } from "../table-clients.ts"

/** One query: state and touches lie under one key. */
export async function readMembers(access: TableClients, group: string): Promise<MembersOutcome> {
  try {
    return await membersUnder(access, group)
  } catch (error) {
    return unavailableReading(error)
  }
}

async function membersUnder({ clients, table }: TableClients, group: string): Promise<MembersOutcome> {
  let state: GroupState | undefined
  const seen = new Map<string, MemberSeen>()
  const query = {
    TableName: table,
    KeyConditionExpression: "pk = :members",
    ExpressionAttributeValues: { ":members": { S: membersKey(group) } },
  }
  for await (const items of queryPages(clients.repeating, query)) {
    for (const item of items) {
      if (isState(item)) {
        state = decodeState(item)
      } else {
        const { memberId, ...last } = decodeSeen(item)
        seen.set(memberId, last)
      }
    }
  }
  return { kind: "members", ...(state !== undefined && { state }), seen }
}
