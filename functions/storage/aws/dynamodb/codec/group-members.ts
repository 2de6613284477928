/**
 * The items of a group's members, under one partition key, so that one query reads them all: the state, and what was last
 * seen of each member. The state's text is compressed, to half of what it takes.
 */
import { deflateRawSync, inflateRawSync } from "node:zlib"
import { decodeGroupState, encodeGroupState } from "../../../../groups/members/codec.ts"
import type { GroupState } from "../../../../groups/members/state.ts"
import type { MemberSeen } from "../../../../groups/ports.ts"
import { number, readBytes, readNumber, readText } from "./attributes.ts"
import type { Item } from "./item-size.ts"
import { type Key, key } from "./keys.ts"

/** No member id holds it. */
const STATE = "/"

export function membersKey(group: string): string {
  return `m/${group}`
}

export function stateKey(group: string): Key {
  return key(membersKey(group), STATE)
}

export function memberKey(group: string, memberId: string): Key {
  return key(membersKey(group), memberId)
}

export function encodeState(group: string, state: GroupState): Item {
  return {
    ...stateKey(group),
    e: number(state.epoch),
    c: number(state.members.length),
    s: { B: deflateRawSync(encodeGroupState(state)) },
  }
}

export function decodeState(item: Item): GroupState {
  return decodeGroupState(inflateRawSync(readBytes(item, "s")).toString())
}

export function isState(item: Item): boolean {
  return readText(item, "sk") === STATE
}

/** What was seen of one member. */
export interface SeenMember extends MemberSeen {
  readonly memberId: string
}

export function encodeSeen(group: string, { memberId, number: highest, at }: SeenMember): Item {
  return { ...memberKey(group, memberId), n: number(highest), t: number(at) }
}

export function decodeSeen(item: Item): SeenMember {
  return { memberId: readText(item, "sk"), number: readNumber(item, "n"), at: readNumber(item, "t") }
}
