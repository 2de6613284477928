/**
 * A group's state as text, for storages that keep it in one item:
 *
 *     [version, epoch, base time, profiles, members, topics]
 *     profile   [assignor, session timeout, rebalance timeout, topics]: what members have in common
 *     member    [id, member epoch, joined epoch, profile's place, joined at, number, instance id or "", revoking since or null?, predecessor?]
 *     topic     [id, name, partitions, targets, holders?]: cells, 0 for nobody, else the member's place + 1; no holders: the targets
 *
 * Times are milliseconds after the base time.
 */
import type { Assignor } from "stratalog/protocol"
import { newerFormat } from "../../log/newer-format.ts"
import { cellWidth, decodeCells, encodeCells } from "./cells.ts"
import { DamagedState, integerOf, listOf, textOf } from "./fields.ts"
import { partitionOf } from "./partitions.ts"
import type { GroupMember, GroupPartition, GroupState, GroupTopic } from "./state.ts"

const VERSION = 1

export function encodeGroupState(state: GroupState): string {
  const base = state.members.reduce((least, { joinedAt }) => Math.min(least, joinedAt), state.members[0]?.joinedAt ?? 0)
  const profiles = new Map<string, number>()
  const members = state.members.map((member) => {
    const profile = profileOf(member)
    const place = profiles.get(profile) ?? profiles.size
    profiles.set(profile, place)
    return encodeMember(member, place, base)
  })
  const places = new Map(state.members.map(({ memberId }, index) => [memberId, index + 1]))
  const topics = state.topics.map((topic) => encodeTopic(topic, places))
  const kept = [...profiles.keys()].map((profile): unknown => JSON.parse(profile))
  return JSON.stringify([VERSION, state.epoch, base, kept, members, topics])
}

/** What members have in common, as it is written, once. */
export function profileOf({ assignor, sessionTimeoutMs, rebalanceTimeoutMs, topics }: GroupMember): string {
  return JSON.stringify([assignor, sessionTimeoutMs, rebalanceTimeoutMs, topics])
}

function encodeMember(member: GroupMember, profile: number, base: number): readonly unknown[] {
  const { memberId, memberEpoch, joinedEpoch, joinedAt, number, instanceId = "", revokingSince, predecessor } = member
  const since = revokingSince === undefined ? null : revokingSince - base
  const rest = predecessor !== undefined ? [since, predecessor] : since === null ? [] : [since]
  return [memberId, memberEpoch, joinedEpoch, profile, joinedAt - base, number, instanceId, ...rest]
}

function encodeTopic({ topicId, topic, partitions }: GroupTopic, places: ReadonlyMap<string, number>): unknown {
  const width = cellWidth(places.size + 1)
  const cells = (idOf: (partition: GroupPartition) => string | undefined) =>
    encodeCells(
      partitions.map((partition) => places.get(idOf(partition) ?? "") ?? 0),
      width,
    )
  const targets = cells(({ target }) => target)
  const holders = cells(({ holder }) => holder)
  return [topicId, topic, partitions.length, targets, ...(holders === targets ? [] : [holders])]
}

/** Throws `DamagedState`, and `NewerFormat` for what a later version of this program wrote. */
export function decodeGroupState(text: string): GroupState {
  const [version, epoch, base, profiles, members, topics] = listOf(parsed(text))
  if (typeof version === "number" && version > VERSION) throw newerFormat("The state of a consumer group", VERSION)
  if (version !== VERSION) throw new DamagedState(`its version is ${version}, this program knows ${VERSION}`)
  const kinds = listOf(profiles).map(decodeProfile)
  const decoded = listOf(members).map((member) => decodeMember(member, kinds, integerOf(base)))
  const ids = decoded.map(({ memberId }) => memberId)
  return { epoch: integerOf(epoch), members: decoded, topics: listOf(topics).map((topic) => decodeTopic(topic, ids)) }
}

type Profile = Pick<GroupMember, "assignor" | "sessionTimeoutMs" | "rebalanceTimeoutMs" | "topics">

function decodeProfile(value: unknown): Profile {
  const [assignor, session, rebalance, topics] = listOf(value)
  return {
    topics: listOf(topics).map(textOf),
    assignor: assignorNamed(assignor),
    sessionTimeoutMs: integerOf(session),
    rebalanceTimeoutMs: integerOf(rebalance),
  }
}

function assignorNamed(value: unknown): Assignor {
  if (value === "uniform" || value === "range" || value === "roundrobin") return value
  throw new DamagedState("an assignor is unknown")
}

function decodeMember(value: unknown, profiles: readonly Profile[], base: number): GroupMember {
  const [memberId, memberEpoch, joinedEpoch, place, joinedAt, number, instanceId, since = null, predecessor] =
    listOf(value)
  const profile = profiles[integerOf(place)]
  if (profile === undefined) throw new DamagedState("a member's profile is missing")
  const named = textOf(instanceId)
  return {
    memberId: textOf(memberId),
    ...(named === "" ? {} : { instanceId: named }),
    ...(predecessor === undefined ? {} : { predecessor: textOf(predecessor) }),
    memberEpoch: integerOf(memberEpoch),
    joinedEpoch: integerOf(joinedEpoch),
    ...profile,
    joinedAt: base + integerOf(joinedAt),
    number: integerOf(number),
    ...(since === null ? {} : { revokingSince: base + integerOf(since) }),
  }
}

function decodeTopic(value: unknown, ids: readonly string[]): GroupTopic {
  const [topicId, topic, partitions, targets, holders = targets] = listOf(value)
  const count = integerOf(partitions)
  const holderIds = decodeIds(textOf(holders), count, ids)
  const targetIds = decodeIds(textOf(targets), count, ids)
  return {
    topicId: textOf(topicId),
    topic: textOf(topic),
    partitions: targetIds.map((target, number) => partitionOf(holderIds[number], target)),
  }
}

/** Undefined for 0. */
function decodeIds(cells: string, count: number, ids: readonly string[]): readonly (string | undefined)[] {
  try {
    return decodeCells(cells, cellWidth(ids.length + 1), count).map((cell) => {
      if (cell > ids.length) throw new RangeError("a member is missing")
      return cell === 0 ? undefined : ids[cell - 1]
    })
  } catch (error) {
    throw error instanceof RangeError ? new DamagedState(error.message) : error
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new DamagedState("it is no JSON")
  }
}
