/** What every `UpkeepRecords` promises, whatever it is made of. */
import { type UpkeepStatus, upkeepStatus } from "stratalog/protocol"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import type { UpkeepRecord, UpkeepRecords } from "../../functions/segments/upkeep/records.ts"
import type { MakeSubject, Subject } from "./subject.ts"

export interface UpkeepRecordsSubject extends Subject<UpkeepRecords> {
  /** Stores this text as a part of this version, behind the port's back. */
  storeText(part: keyof UpkeepStatus, text: string, version: number): Promise<void>
}

const noFailures = { count: 0, codes: [], first: [] }
const piece = { startedAt: 1_763_600_000_000, endedAt: 1_763_600_001_000, partitions: 3 }
const failed = {
  code: "corrupt" as const,
  topic: "orders",
  topicId: "0b8f7f0a-52c5-4a39-9a3c-6f3d6f2d9a01",
  partition: 2,
  step: "tier",
  detail: "\u{1f980} a sentence\nof two lines",
}

const whole: Required<UpkeepRecord> = {
  lastRun: {
    ...piece,
    sweep: true,
    complete: true,
    failures: { count: 1, codes: [{ code: "corrupt", count: 1 }], first: [failed] },
  },
  lastRound: {
    ...piece,
    failures: noFailures,
    unfinished: true,
    backlog: { waitingBytes: Number.MAX_SAFE_INTEGER, overduePartitions: 1, overdueSince: 1_763_500_000_000 },
  },
  lastSweep: { ...piece, removed: { objects: 1, items: 2, bytes: 3 } },
  lastNudge: { ...piece, failures: noFailures },
}

export function describeUpkeepRecords(name: string, makeSubject: MakeSubject<UpkeepRecordsSubject>): void {
  describe(`records of upkeep: ${name}`, () => {
    let subject: UpkeepRecordsSubject
    let records: UpkeepRecords
    beforeEach(async () => {
      subject = await makeSubject()
      records = subject.store
    })
    afterEach(() => subject.dispose())

    it("are empty at first", async () => {
      expect(await records.read()).toEqual({ kind: "record", record: {} })
    })

    it("come back as they were written, after a restart too", async () => {
      expect(await records.write(whole)).toEqual({ kind: "done" })
      expect(await records.read()).toEqual({ kind: "record", record: whole })
      records = await subject.reopen()
      expect(await records.read()).toEqual({ kind: "record", record: whole })
      expect(upkeepStatus.parse(whole)).toEqual(whole)
    })

    it("change in the parts that are written, and keep the others", async () => {
      await records.write({ lastNudge: whole.lastNudge })
      expect(await records.read()).toEqual({ kind: "record", record: { lastNudge: whole.lastNudge } })
      await records.write(whole)
      const lastRun = { ...whole.lastRun, partitions: 7, failures: noFailures }
      await records.write({ lastRun })
      expect(await records.read()).toEqual({ kind: "record", record: { ...whole, lastRun } })
    })

    it("have all parts that several write at the same moment", async () => {
      const { lastRun, lastRound, lastSweep, lastNudge } = whole
      await Promise.all([{ lastRun }, { lastRound }, { lastSweep }, { lastNudge }].map((part) => records.write(part)))
      expect(await records.read()).toEqual({ kind: "record", record: whole })
    })

    it("leave out what another version wrote or nobody can read, until it is written again", async () => {
      const { lastNudge } = whole
      for (const [text, version] of [
        [JSON.stringify(lastNudge), 2],
        ['{"startedAt":"yesterday"}', 1],
        ['{"startedAt":', 1],
        ["null", 1],
      ] as const) {
        await subject.storeText("lastNudge", text, version)
        expect(await records.read(), text).toEqual({ kind: "record", record: {} })
      }
      await records.write({ lastNudge })
      expect(await records.read()).toEqual({ kind: "record", record: { lastNudge } })
    })
  })
}
