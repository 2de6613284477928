/**
 * A new state of a group, on condition that it is the next one. One transaction: the state, a check that no later request
 * of the member came, and, when the group begins or ceases to have members, its entry in the list of groups.
 */
import { randomUUID } from "node:crypto"
import { GetItemCommand } from "@aws-sdk/client-dynamodb"
import type { MembersChange, ReplaceMembersOutcome } from "../../../../groups/ports.ts"
import type { Unavailable } from "../../../../log/ports.ts"
import { backOff } from "../back-off.ts"
import { readBytes, readNumber } from "../codec/attributes.ts"
import { encodeState, stateKey } from "../codec/group-members.ts"
import { type Item, itemSize } from "../codec/item-size.ts"
import { unavailableReading } from "../failures.ts"
import type { TableClients } from "../table-clients.ts"
import { forgetMembers, seenOf } from "./forget-members.ts"
import { writeState } from "./write-state.ts"

const ATTEMPTS = 8
/** DynamoDB's limit of an item. */
const MAX_ITEM_BYTES = 400 * 1024

export async function replaceMembers(
  access: TableClients,
  group: string,
  change: MembersChange,
): Promise<ReplaceMembersOutcome> {
  const state = encodeState(group, change.next)
  const bytes = itemSize(state)
  if (bytes > MAX_ITEM_BYTES) return tooLarge(group, bytes)
  const gone = await seenOf(access, group, change.gone)
  if ("kind" in gone) return gone
  const outcome = await write(access, group, change, state)
  if (outcome.kind === "replaced") await forgetMembers(access, group, change.next, gone)
  return outcome
}

/**
 * An attempt is repeated where it did nothing for a reason that passes, and once where its answer was lost: DynamoDB knows
 * it again by its token. A refusal after a lost attempt proves nothing.
 */
async function write(
  access: TableClients,
  group: string,
  change: MembersChange,
  state: Item,
): Promise<ReplaceMembersOutcome> {
  // Most changes are made in a group that has members and goes on having some: its entry stays as it is.
  let noted = change.next.members.length === 0 ? change.expected > 0 : change.expected === 0
  let token = randomUUID()
  let lost: Unavailable | undefined
  let failure: Unavailable = CONTESTED
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    const outcome = await writeState(access, { group, change, state, noted, token })
    if (outcome.kind === "replaced") return outcome
    if (outcome.kind === "unnoted") {
      noted = true
    } else if (outcome.kind === "conflict") {
      failure = outcome.failure
      await backOff(attempt)
    } else if (outcome.kind === "unavailable" && outcome.sideEffects === "unknown" && lost === undefined) {
      lost = outcome
      continue
    } else {
      return lost === undefined ? outcome : resolve(access, group, state, lost)
    }
    token = randomUUID()
  }
  return lost === undefined ? failure : resolve(access, group, state, lost)
}

const CONTESTED: Unavailable = {
  kind: "unavailable",
  reason: "throttled",
  sideEffects: "none",
  detail: "the group lost its last member as often as one was to join",
}

/**
 * No epoch comes twice: what is there under the new one tells whose change it was. Under an older one the lost attempt may
 * still come to land, and under a newer one somebody may have gone on from it.
 */
async function resolve(
  { clients, table }: TableClients,
  group: string,
  state: Item,
  lost: Unavailable,
): Promise<ReplaceMembersOutcome> {
  try {
    const command = new GetItemCommand({ TableName: table, Key: stateKey(group), ConsistentRead: true })
    const { Item: found } = await clients.repeating.send(command)
    if (found === undefined || readNumber(found, "e") !== readNumber(state, "e")) return lost
    const isThis = Buffer.compare(readBytes(found, "s"), readBytes(state, "s")) === 0
    return { kind: isThis ? "replaced" : "changed" }
  } catch (error) {
    unavailableReading(error)
    return lost
  }
}

function tooLarge(group: string, bytes: number): Unavailable {
  const detail = `DynamoDB: the members of group ${group} take ${bytes} bytes, and an item takes ${MAX_ITEM_BYTES} at most`
  return { kind: "unavailable", reason: "storage_full", sideEffects: "none", detail }
}
