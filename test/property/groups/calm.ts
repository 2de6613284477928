/** What a group comes to when nothing goes wrong any more. */
import { expect } from "vitest"
import { assign } from "../../../functions/groups/assign/assign.ts"
import { subscribers } from "../../../functions/groups/members/subscriptions.ts"
import type { Rules } from "./coordinator.ts"
import { match } from "./coordinator.ts"
import { keyOf, SESSION_MS } from "./member.ts"
import { type Event, World } from "./world.ts"

/** Throws where something is wrong, on the way or in the end. */
export function playToTheEnd(rules: Rules, given: readonly Event[], isWild = false): void {
  const world = new World(rules, isWild)
  for (const event of given) world.happen(event)
  settle(world)
  expectSettled(world)
}

/** Everybody asks in turn until whoever is silent is expelled, and some rounds more: a request, a finish, a grant. */
function settle(world: World): void {
  world.calm()
  world.coordinator.now = Math.max(world.now, world.latest)
  const end = world.now + 2 * SESSION_MS
  while (world.now <= end) {
    world.coordinator.now += SESSION_MS / 4
    for (const member of world.alive) world.round(member)
  }
  for (let rounds = 0; rounds < 4; rounds++) for (const member of world.alive) world.round(member)
}

function expectSettled(world: World): void {
  const { state } = world.coordinator
  for (const member of world.alive) world.round(member)
  expect(world.coordinator.state?.epoch, "a group that is calm changes").toBe(state?.epoch)
  // Somebody has to ask for anything to change.
  if (state === undefined || world.alive.length === 0) return
  expect(state.members.map(({ memberId }) => memberId).sort()).toEqual(world.alive.map((m) => m.memberId).sort())
  const targets = assign(subscribers(state.members, state.topics, match), state.topics)
  const holders = state.topics.map(({ partitions }) => partitions.map(({ holder }) => holder))
  expect(holders, "everything is where it shall be").toEqual(targets)
  expect(holders.flat(), "everything is read").not.toContain(undefined)
  const wanted = subscribers(state.members, world.coordinator.topics, match).flatMap(({ topics }) => [...topics])
  expect(state.topics.map(({ topic }) => topic)).toEqual([...new Set(wanted)].sort())
  for (const { topicId, partitions } of world.coordinator.topics) {
    const known = state.topics.find((topic) => topic.topicId === topicId)
    if (known !== undefined) expect(known.partitions).toHaveLength(partitions)
  }
  for (const member of world.alive) {
    const owned = member.owned(world.now).map(keyOf).sort()
    expect(owned, "a member reads what is assigned to it").toEqual(member.assigned())
  }
}
