/** What the embedded database promises of members beside the port: touches in memory, a clock that nobody can set. */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { limits } from "stratalog/protocol"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import type { GroupMembers } from "../../functions/groups/ports.ts"
import { openDatabase } from "../../functions/storage/embedded/sqlite/database.ts"
import { GroupCommit } from "../../functions/storage/embedded/sqlite/group-commit.ts"
import { createGroupMembers } from "../../functions/storage/embedded/sqlite/group-members.ts"
import { openSqliteStores, type SqliteStores } from "../../functions/storage/embedded/sqlite/index.ts"
import { FORGET_AFTER, MemberTouches } from "../../functions/storage/embedded/sqlite/member-touches.ts"
import { integer } from "../../functions/storage/embedded/sqlite/rows.ts"
import { largeState, memberOf, stateOf, T0 } from "./group-states.ts"

let directory: string
let path: string
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "stratalog-sqlite-"))
  path = join(directory, "index.db")
})
afterEach(() => rm(directory, { recursive: true }))

async function seenIn(groups: GroupMembers, group: string) {
  const outcome = await groups.members(group)
  return outcome.kind === "members" ? outcome.seen : undefined
}

describe("touches of the embedded database", () => {
  it("write nothing to the disk", async () => {
    const stores = openSqliteStores({ path })
    await stores.groups.replaceMembers("billing", { expected: 0, next: stateOf(1, "m1"), gone: [] })
    const other = new DatabaseSync(path)
    const version = () => other.prepare("PRAGMA data_version").get()
    const before = version()
    for (let at = 0; at < 50; at += 1) await stores.groups.touch("billing", "m1", { at })
    await stores.groups.members("billing")
    expect(version()).toEqual(before)
    await stores.groups.replaceMembers("billing", { expected: 1, next: stateOf(2), gone: [] })
    expect(version(), "a write would have been noticed").not.toEqual(before)
    other.close()
    stores.close()
  })

  it("are lost with the process, and made up for: when it is opened again, everybody in a state counts as seen", async () => {
    let wall = T0
    const time = { wall: () => wall, monotonic: () => 0 }
    let stores = openSqliteStores({ path, time })
    const next = stateOf(1, memberOf("m1", { number: 7 }), memberOf("m2", { number: 3 }))
    await stores.groups.replaceMembers("billing", { expected: 0, next, gone: [] })
    for (const memberId of ["m1", "stranger"]) await stores.groups.touch("billing", memberId, { at: T0, number: 9 })
    stores.close()
    wall += 600_000
    stores = openSqliteStores({ path, time })
    const seen = new Map([
      ["m1", { at: wall, number: 7 }],
      ["m2", { at: wall, number: 3 }],
    ])
    wall += 5_000
    expect(await seenIn(stores.groups, "billing"), "however late anybody asks").toEqual(seen)
    stores.close()
  })

  it("are forgotten in the end where nobody comes again, so that they never fill the memory", () => {
    expect(FORGET_AFTER).toBeGreaterThan(limits.maxSessionTimeoutMs)
    const opened: [string, { at: number; number: number }][] = [["m1", { at: T0, number: 7 }]]
    const touches = new MemberTouches((group) => (group === "billing" ? opened : []))
    const visits = 60_000
    const step = FORGET_AFTER / 5_000
    for (let visit = 0; visit < visits; visit += 1) {
      const at = T0 + visit * step
      touches.touch("billing", "m1", { at })
      touches.touch(`group-${visit >> 3}`, `stranger-${visit}`, { at })
      touches.seen(`none-${visit}`)
      expect(touches.size.members).toBeLessThan(15_000)
    }
    expect(touches.size.groups).toBeLessThan(3_000)
    expect(touches.highest("billing", "m1"), "who keeps coming is never forgotten").toBe(7 + visits)
    expect(touches.highest("group-0", "stranger-0")).toBe(0)
  })
})

describe("states in the embedded database", () => {
  it("are read as they are when a change of them could not be written", async () => {
    const database = openDatabase(path)
    const groups = createGroupMembers(database, new GroupCommit(database), T0)
    await groups.touch("billing", "m1", { at: T0, number: 4 })
    await groups.replaceMembers("billing", { expected: 0, next: stateOf(1, "m1"), gone: [] })
    const pages = integer(database.prepare("PRAGMA page_count").get() ?? {}, "page_count")
    database.exec(`PRAGMA max_page_count = ${pages + 2}`)
    const change = { expected: 1, next: largeState(2, 2_000), gone: ["m1"] }
    const full = { kind: "unavailable", reason: "storage_full", sideEffects: "none" }
    expect(await groups.replaceMembers("billing", change)).toMatchObject(full)
    const seen = new Map([["m1", { at: T0, number: 4 }]])
    expect(await groups.members("billing")).toEqual({ kind: "members", state: stateOf(1, "m1"), seen })
    database.exec("PRAGMA max_page_count = 100000")
    expect(await groups.replaceMembers("billing", change)).toEqual({ kind: "replaced" })
    expect(await groups.members("billing")).toEqual({ kind: "members", state: change.next, seen: new Map() })
    database.close()
  })

  it("say whose they are when they cannot be read", async () => {
    let stores = openSqliteStores({ path })
    await stores.groups.replaceMembers("billing", { expected: 0, next: stateOf(1, "m1"), gone: [] })
    await stores.groups.replaceMembers("other", { expected: 0, next: stateOf(1, "m1"), gone: [] })
    stores.close()
    const database = new DatabaseSync(path)
    database.exec("UPDATE group_states SET state = '[99]' WHERE group_name = 'billing'")
    database.close()
    stores = openSqliteStores({ path })
    expect(() => stores.groups.members("billing")).toThrow("The stored state of group billing is not valid")
    expect(await stores.groups.members("other")).toMatchObject({ state: stateOf(1, "m1") })
    stores.close()
  })

  it("are answered for with `closing` once the database is closed", async () => {
    const stores = openSqliteStores({ path })
    const waiting = stores.groups.replaceMembers("billing", { expected: 0, next: stateOf(1, "m1"), gone: [] })
    stores.close()
    expect(await waiting).toEqual({ kind: "replaced" })
    const closing = { kind: "unavailable", reason: "closing", sideEffects: "none" }
    expect(await stores.groups.members("billing")).toMatchObject(closing)
    expect(await stores.groups.touch("billing", "m1", { at: T0 })).toMatchObject(closing)
    const next = stateOf(2, "m1")
    expect(await stores.groups.replaceMembers("billing", { expected: 1, next, gone: [] })).toMatchObject(closing)
    const target = { partition: { topicId: "t", partition: 0 }, topic: "orders" }
    expect(await stores.groups.claim("billing", [target], 1)).toMatchObject(closing)
  })
})

describe("the clock of sessions", () => {
  const opened: SqliteStores[] = []
  afterEach(() => {
    for (const stores of opened.splice(0)) stores.close()
  })
  const open = (time: { wall: number; monotonic: number }) => {
    const stores = openSqliteStores({ path, time: { wall: () => time.wall, monotonic: () => time.monotonic } })
    opened.push(stores)
    return stores
  }

  it("begins with the wall clock, and then counts the time that passes, whatever becomes of the wall clock", () => {
    const time = { wall: T0, monotonic: 700.25 }
    const { sessionClock } = open(time)
    expect(sessionClock.now()).toBe(T0)
    for (const jump of [3_600_000, -86_400_000, -T0]) {
      time.wall = T0 + jump
      time.monotonic += 10.5
    }
    expect(sessionClock.now()).toBe(T0 + 31)
  })

  it("is the machine's unless another is given", () => {
    const before = Date.now()
    const stores = openSqliteStores({ path })
    opened.push(stores)
    expect(stores.sessionClock.now()).toBeGreaterThanOrEqual(before - 1)
    expect(Number.isInteger(stores.sessionClock.now())).toBe(true)
  })

  it("begins no earlier than the latest time in a state, so that nobody has joined in the future", async () => {
    const members = [
      memberOf("m1", { joinedAt: T0 + 5_000 }),
      memberOf("m2", { joinedAt: T0, revokingSince: T0 + 9_000 }),
      memberOf("m3", { joinedAt: T0 }),
    ]
    const { groups, close } = open({ wall: T0, monotonic: 0 })
    await groups.replaceMembers("billing", { expected: 0, next: stateOf(1, ...members), gone: [] })
    await groups.replaceMembers("other", { expected: 0, next: stateOf(1, "m1"), gone: [] })
    close()
    const time = { wall: T0 - 86_400_000, monotonic: 5 }
    const again = open(time)
    expect(again.sessionClock.now()).toBe(T0 + 9_000)
    time.monotonic += 100
    expect(again.sessionClock.now()).toBe(T0 + 9_100)
    expect((await seenIn(again.groups, "billing"))?.get("m3")?.at).toBe(T0 + 9_000)
  })
})
