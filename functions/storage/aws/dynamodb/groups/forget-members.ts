/** Removes what was seen of members that are gone, and of ids that never became members. Nothing depends on it. */
import { ConditionalCheckFailedException, DeleteItemCommand } from "@aws-sdk/client-dynamodb"
import type { MembersChange } from "../../../../groups/ports.ts"
import type { Unavailable } from "../../../../log/ports.ts"
import { getItems } from "../batch-requests.ts"
import { number } from "../codec/attributes.ts"
import { decodeSeen, memberKey, type SeenMember } from "../codec/group-members.ts"
import { unavailableFrom } from "../failures.ts"
import type { TableClients } from "../table-clients.ts"
import { readMembers } from "./read-members.ts"
import { strangers } from "./strangers.ts"

/** One change in so many looks for strangers, which is a query of the group. */
const CHANGES_PER_LOOK = 16

/** What there is of members that a change is about to leave without a place. */
export async function seenOf(
  access: TableClients,
  group: string,
  memberIds: readonly string[],
): Promise<readonly SeenMember[] | Unavailable> {
  const keys = memberIds.map((memberId) => memberKey(group, memberId))
  const items = await getItems(access, keys, true)
  return "kind" in items ? items : items.map(decodeSeen)
}

/** After a change: forgets `gone`, but not those who came again since they were looked at. */
export async function forgetMembers(
  access: TableClients,
  group: string,
  next: MembersChange["next"],
  gone: readonly SeenMember[],
): Promise<void> {
  const others = next.epoch % CHANGES_PER_LOOK === 0 ? await strangersIn(access, group, next) : []
  await Promise.all([...gone, ...others].map((seen) => forget(access, group, seen)))
}

async function strangersIn(
  access: TableClients,
  group: string,
  { members }: MembersChange["next"],
): Promise<readonly SeenMember[]> {
  const read = await readMembers(access, group)
  return read.kind === "members" ? strangers(read.seen, new Set(members.map(({ memberId }) => memberId))) : []
}

async function forget({ clients, table }: TableClients, group: string, seen: SeenMember): Promise<void> {
  const command = new DeleteItemCommand({
    TableName: table,
    Key: memberKey(group, seen.memberId),
    ConditionExpression: "n = :number AND t = :at",
    ExpressionAttributeValues: { ":number": number(seen.number), ":at": number(seen.at) },
  })
  try {
    await clients.repeating.send(command)
  } catch (error) {
    // What could not be removed is a stranger from now on. Throws on a mistake of this program.
    if (!(error instanceof ConditionalCheckFailedException)) unavailableFrom(error)
  }
}
