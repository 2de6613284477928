import { randomUUID } from "node:crypto"
import { mkdtemp, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import type { CommitOutcome } from "../../functions/groups/ports.ts"
import { openDatabase } from "../../functions/storage/embedded/sqlite/database.ts"
import { GroupCommit } from "../../functions/storage/embedded/sqlite/group-commit.ts"
import { createGroupOffsets } from "../../functions/storage/embedded/sqlite/group-offsets.ts"
import { openSqliteStores, type SqliteStores } from "../../functions/storage/embedded/sqlite/index.ts"
import { integer } from "../../functions/storage/embedded/sqlite/rows.ts"
import { APPLICATION_ID, MIGRATIONS } from "../../functions/storage/embedded/sqlite/schema.ts"
import { createTopicStore } from "../../functions/storage/embedded/sqlite/topic-store.ts"
import { describeAccessStore } from "./access-store.ts"
import { describeFencedCommits } from "./fenced-commits.ts"
import { describeGroupClaims, targetOf } from "./group-claims.ts"
import { describeGroupMembers } from "./group-members.ts"
import { commitOf, describeGroupOffsets, ORDERS, paymentOf } from "./group-offsets.ts"
import { stateOf } from "./group-states.ts"
import { describeProducerIds, type ProducerIdsSubject } from "./producer-ids.ts"
import { describeSegmentIndex } from "./segment-index.ts"
import type { Subject } from "./subject.ts"
import { describeTopicStore, newTopic } from "./topic-store.ts"
import { describeUpkeepRecords, type UpkeepRecordsSubject } from "./upkeep-records.ts"

async function makeSubject<Store>(pick: (stores: SqliteStores) => Store): Promise<Subject<Store> & { path: string }> {
  const directory = await mkdtemp(join(tmpdir(), "stratalog-sqlite-"))
  const path = join(directory, "index.db")
  let stores = openSqliteStores({ path })
  return {
    path,
    store: pick(stores),
    reopen: async () => {
      stores.close()
      stores = openSqliteStores({ path })
      return pick(stores)
    },
    dispose: async () => {
      stores.close()
      await rm(directory, { recursive: true })
    },
  }
}

async function makeProducerIds(): Promise<ProducerIdsSubject> {
  const subject = await makeSubject((stores) => stores.producers)
  const setEpoch = async (id: number, epoch: number) => {
    const database = new DatabaseSync(subject.path)
    database.prepare("INSERT OR REPLACE INTO producer_epochs (id, epoch) VALUES (?, ?)").run(id, epoch)
    database.close()
  }
  return { ...subject, setEpoch }
}

async function makeUpkeepRecords(): Promise<UpkeepRecordsSubject> {
  const subject = await makeSubject((stores) => stores.upkeepRecords)
  const storeText = async (part: string, report: string, version: number) => {
    const database = new DatabaseSync(subject.path)
    database.prepare("INSERT OR REPLACE INTO upkeep_reports VALUES (?, ?, ?)").run(part, version, report)
    database.close()
  }
  return { ...subject, storeText }
}

describeAccessStore("embedded SQLite", () => makeSubject((stores) => stores.access))
describeTopicStore("embedded SQLite", () => makeSubject((stores) => stores.topics))
describeGroupOffsets("embedded SQLite", () => makeSubject((stores) => stores.groups))
describeGroupClaims("embedded SQLite", () => makeSubject((stores) => stores.groups))
describeFencedCommits("embedded SQLite", () => makeSubject((stores) => stores.groups))
describeGroupMembers("embedded SQLite", () => makeSubject((stores) => stores.groups))
describeProducerIds("embedded SQLite", makeProducerIds)
describeUpkeepRecords("embedded SQLite", makeUpkeepRecords)
describeSegmentIndex("embedded SQLite", async () => {
  const subject = await makeSubject((stores) => stores.segments)
  return { index: subject.store, dispose: () => subject.dispose() }
})

describe("the embedded database file", () => {
  let directory: string
  let path: string
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "stratalog-sqlite-"))
    path = join(directory, "index.db")
  })
  afterEach(() => rm(directory, { recursive: true }))

  it("refuses a file of a newer version", () => {
    openSqliteStores({ path }).close()
    const database = new DatabaseSync(path)
    database.exec("PRAGMA user_version = 99")
    database.close()
    expect(() => openSqliteStores({ path })).toThrow(/schema version 99.*knows up to 5.*newer/)
  })

  it("brings a file of the first version up to date, and keeps what is in it", async () => {
    const first = new DatabaseSync(path)
    first.exec(`${MIGRATIONS[0]}; PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = 1`)
    first.exec(`INSERT INTO topics VALUES ('orders', '${randomUUID()}', 3, '{}', 5, 1)`)
    first.close()
    for (let times = 0; times < 2; times++) {
      const stores = openSqliteStores({ path })
      expect(await stores.topics.get("orders")).toMatchObject({ partitions: 3 })
      expect(stores.tiered.all()).toEqual([])
      stores.close()
    }
  })

  it("brings a file from before groups had members up to date: its groups are there, and can be claimed and joined", async () => {
    const before = new DatabaseSync(path)
    before.exec(
      `${MIGRATIONS[0]}; ${MIGRATIONS[1]}; PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = 2`,
    )
    before.exec(`INSERT INTO committed_offsets VALUES ('billing', '${ORDERS}', 1, 'orders', 7, 'note', 9)`)
    before.close()
    const commit = commitOf(1, 7, { metadata: "note", committedAt: 9 })
    let stores = openSqliteStores({ path })
    expect(await stores.groups.read("billing")).toEqual({ kind: "offsets", offsets: [commit] })
    expect(await stores.groups.list({ limit: 10 })).toEqual({ kind: "page", groups: ["billing"] })
    expect(await stores.groups.members("billing")).toEqual({ kind: "members", seen: new Map() })
    const claims = [{ kind: "claimed", committed: commit }]
    expect(await stores.groups.claim("billing", [targetOf(1)], 1)).toEqual({ kind: "claims", claims })
    const change = { expected: 0, next: stateOf(1, "m1"), gone: [] }
    expect(await stores.groups.replaceMembers("billing", change)).toEqual({ kind: "replaced" })
    stores.close()
    stores = openSqliteStores({ path })
    expect(await stores.groups.members("billing")).toMatchObject({ state: change.next })
    expect(await stores.groups.read("billing")).toEqual({ kind: "offsets", offsets: [commit] })
    stores.close()
  })

  it("refuses a database of another program, and what is no database", async () => {
    const database = new DatabaseSync(path)
    database.exec("CREATE TABLE theirs (a)")
    database.close()
    expect(() => openSqliteStores({ path })).toThrow("a database of another program")
    await writeFile(`${path}.txt`, "not a database, and long enough to have a header".repeat(100))
    expect(() => openSqliteStores({ path: `${path}.txt` })).toThrow("the file is not a SQLite database")
    expect(() => openSqliteStores({ path: join(directory, "none", "index.db") })).toThrow("cannot be opened")
  })

  it("names the topic whose configuration it cannot read, and leaves out entries that it does not know", async () => {
    const stores = openSqliteStores({ path })
    await stores.topics.create(newTopic("orders"))
    stores.close()
    const store = (config: string) => {
      const database = new DatabaseSync(path)
      database.prepare("UPDATE topics SET config = ?").run(config)
      database.close()
    }
    store('{"retention.ms":5,"of.a.newer.version":true}')
    const again = openSqliteStores({ path })
    expect((await again.topics.get("orders"))?.config).toEqual({ "retention.ms": 5 })
    again.close()
    store('{"retention.ms":"five"}')
    expect(() => openSqliteStores({ path })).toThrow("configuration of topic orders is not valid")
  })

  it("waits for the disk at each commit, behind a write-ahead log", () => {
    const database = openDatabase(path)
    expect(database.prepare("PRAGMA synchronous").get()).toEqual({ synchronous: 2 })
    expect(database.prepare("PRAGMA journal_mode").get()).toEqual({ journal_mode: "wal" })
    database.close()
  })

  it("commits what waits when it is closed, and answers closing from then on", async () => {
    const stores = openSqliteStores({ path })
    const waiting = stores.groups.commit("billing", [commitOf(0, 5)])
    stores.close()
    expect(await waiting).toEqual({ kind: "committed" })
    const closing = { kind: "unavailable", reason: "closing", sideEffects: "none" }
    expect(await stores.groups.commit("billing", [commitOf(0, 6)])).toMatchObject(closing)
    expect(await stores.groups.read("billing")).toMatchObject(closing)
    expect(await stores.producers.allocate()).toMatchObject(closing)
    expect(await stores.upkeepRecords.read()).toMatchObject(closing)
    expect(await stores.upkeepRecords.write({})).toMatchObject(closing)
    expect(await stores.topics.create(newTopic("orders"))).toMatchObject(closing)
    stores.close()
    const again = openSqliteStores({ path })
    expect(await again.groups.read("billing")).toEqual({ kind: "offsets", offsets: [commitOf(0, 5)] })
    again.close()
  })

  it("names the topics that offsets are committed for, or partitions claimed", async () => {
    const stores = openSqliteStores({ path })
    await stores.groups.commit("a", [commitOf(0, 1), commitOf(1, 1)])
    await stores.groups.commit("b", [commitOf(0, 1)])
    const payment = paymentOf(0, 0).partition
    await stores.groups.claim("b", [{ partition: payment, topic: "payments" }, targetOf(0)], 1)
    expect(stores.committedTopicIds()).toEqual([ORDERS, payment.topicId])
    stores.close()
  })

  it("answers storage_full when the disk is full, with nothing written, and goes on when there is room", async () => {
    const database = openDatabase(path)
    const groups = createGroupOffsets(database, new GroupCommit(database))
    const topics = createTopicStore(database)
    const pages = integer(database.prepare("PRAGMA page_count").get() ?? {}, "page_count")
    database.exec(`PRAGMA max_page_count = ${pages + 5}`)
    const metadata = "m".repeat(4096)
    const outcomes: CommitOutcome[] = []
    while (outcomes.at(-1)?.kind !== "unavailable") {
      outcomes.push(await groups.commit("billing", [commitOf(outcomes.length, 1, { metadata })]))
    }
    const full = { kind: "unavailable", reason: "storage_full", sideEffects: "none" }
    expect(outcomes.at(-1)).toMatchObject(full)
    expect(outcomes.length).toBeGreaterThan(2)
    let created = await topics.create(newTopic("orders"))
    for (let more = 0; created.kind !== "unavailable"; more += 1) {
      created = await topics.create(newTopic(`${more}`.padEnd(249, "x")))
    }
    expect(created).toMatchObject(full)

    const read = await groups.read("billing")
    expect(read.kind === "offsets" && read.offsets.length).toBe(outcomes.length - 1)
    expect(database.prepare("PRAGMA integrity_check").get()).toEqual({ integrity_check: "ok" })
    database.exec("PRAGMA max_page_count = 100000")
    expect(await groups.commit("billing", [commitOf(outcomes.length, 1, { metadata })])).toEqual({ kind: "committed" })
    expect(await topics.create(newTopic("payments"))).toEqual({ kind: "created" })
    database.close()
  })

  it("answers storage_failed when the database cannot be written or is locked", async () => {
    const database = openDatabase(path)
    const groups = createGroupOffsets(database, new GroupCommit(database))
    const failed = { kind: "unavailable", reason: "storage_failed", sideEffects: "none" }
    database.exec("PRAGMA query_only = ON")
    expect(await groups.commit("billing", [commitOf(0, 1)])).toMatchObject(failed)
    database.exec("PRAGMA query_only = OFF")

    const other = new DatabaseSync(path)
    other.exec("BEGIN IMMEDIATE")
    const outcomes = await Promise.all([1, 2].map((offset) => groups.commit("billing", [commitOf(0, offset)])))
    expect(outcomes).toMatchObject([failed, failed])
    other.exec("ROLLBACK")
    other.close()
    expect(await groups.commit("billing", [commitOf(0, 1)])).toEqual({ kind: "committed" })
    database.close()
  })

  it("fails a write that is a mistake alone, not those that share its transaction", async () => {
    const database = openDatabase(path)
    const groups = createGroupOffsets(database, new GroupCommit(database))
    const settled = await Promise.allSettled([
      groups.commit("a", [commitOf(0, 1)]),
      groups.commit("b", [commitOf(0, 1.5)]),
      groups.commit("c", [commitOf(0, 1)]),
    ])
    expect(settled.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"])
    expect(await groups.list({ limit: 10 })).toEqual({ kind: "page", groups: ["a", "c"] })
    database.close()
  })

  it("makes one transaction of the writes that one turn of the event loop asks for", async () => {
    const database = new CountingDatabase(path)
    const groupCommit = new GroupCommit(database)
    const writes = await Promise.all(Array.from({ length: 20 }, (_, index) => groupCommit.run(() => index)))
    expect(writes).toEqual(Array.from({ length: 20 }, (_, index) => index))
    expect(database.commits).toBe(1)
    await groupCommit.run(() => "later")
    expect(database.commits).toBe(2)
    database.close()
  })
})

class CountingDatabase extends DatabaseSync {
  commits = 0

  override exec(sql: string): void {
    super.exec(sql)
    if (sql === "COMMIT") this.commits += 1
  }
}
