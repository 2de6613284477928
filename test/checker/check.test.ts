import { describe, expect, it } from "vitest"
import type { AnomalyKind } from "./anomaly.ts"
import { anomalyKinds } from "./anomaly.ts"
import { checkHistory } from "./check.ts"
import { History, KEY, NOTHING_EXPECTED } from "./history-builder.ts"
import { type Operation, readHistory, writeHistory } from "./operation.ts"

const good = () => new History().append(["a", "b"], 0).append(["c"], 2)

/** A member processed and committed two records, and another took over from there. */
const handedOver = () =>
  good().claim("m", 1, 0).poll("m", 0, "a", "b").process("m", 0, 2).commit("m", 1, 2).claim("n", 2, 2)

const seeded: Record<AnomalyKind, History> = {
  "lost-write": good().append(["d"], undefined, "info").drain("a", "b", "d"),
  duplicate: good().append(["d"], undefined, "info").drain("a", "b", "c", "d", "d"),
  "inconsistent-offsets": good()
    .append(["x"], undefined, "info")
    .append(["y"], undefined, "info")
    .fetch("r", 3, [[3, "x"]], { seek: true })
    .drain("a", "b", "c", "y"),
  "torn-batch": good().append(["d", "e"], undefined, "info").drain("a", "b", "c", "d"),
  "aborted-read": good().append(["d"], undefined, "fail").drain("a", "b", "c", "d"),
  phantom: good().drain("a", "b", "c", "ghost"),
  "poll-skip": good()
    .fetch("r", 0, [
      [0, "a"],
      [2, "c"],
    ])
    .fetch("r2", 0, [
      [0, "a"],
      [1, "b"],
      [2, "c"],
    ])
    .drain("a", "b", "c"),
  "nonmonotonic-poll": good()
    .fetch("r", 0, [
      [0, "a"],
      [1, "b"],
      [2, "c"],
    ])
    .fetch("r", 1, [
      [1, "b"],
      [2, "c"],
    ])
    .drain("a", "b", "c"),
  "realtime-order": new History().append(["a"], 1).append(["b"], 0).drain("b", "a"),
  "stale-read": good()
    .fetch(
      "r",
      0,
      [
        [0, "a"],
        [1, "b"],
      ],
      { seek: true },
    )
    .drain("a", "b", "c"),
  "log-start-regress": good().delete(1).drain("a", "b", "c"),
  "over-deletion": good()
    .delete(1, "fail")
    .fetch(
      "drain",
      1,
      [
        [1, "b"],
        [2, "c"],
      ],
      { seek: true, drain: true, logStartOffset: 1 },
    ),
  "commit-regress": good().group("commit", 3).group("committed", 2).drain("a", "b", "c"),
  "commit-beyond-end": good().group("commit", 4).drain("a", "b", "c"),
  "zombie-commit": handedOver()
    .commit("m", 1, 2)
    .poll("n", 2, "c")
    .process("n", 2, 3)
    .committed(2)
    .drain("a", "b", "c"),
  "double-owner": good()
    .assign("m", [0, 1], [], [KEY])
    .assign("n", [0, 2], [], [KEY])
    .assign("m", [1, 1], [KEY], [KEY])
    .assign("n", [2, 2], [KEY], [KEY])
    .drain("a", "b", "c"),
  unprocessed: good()
    .claim("m", 1, 0)
    .poll("m", 0, "a", "b", "c")
    .process("m", 0, 1)
    .process("m", 2, 3)
    .commit("m", 1, 3)
    .drain("a", "b", "c"),
  unseen: good()
    .fetch(
      "r",
      0,
      [
        [0, "a"],
        [1, "b"],
      ],
      { highWatermark: 3 },
    )
    .drain("a", "b", "c"),
}

describe("the history checker", () => {
  it("finds nothing in a history where all is well", () => {
    const history = good()
      .append(["lost answer"], undefined, "info")
      .append(["refused"], undefined, "fail")
      .append(["never landed"], undefined, "info")
      .fetch("r", 0, [[0, "a"]], { highWatermark: 4 })
      .fetch("r", 1, [
        [1, "b"],
        [2, "c"],
        [3, "lost answer"],
      ])
      .fetch("s", 2, [[2, "c"]], { seek: true, highWatermark: 4 })
      .group("commit", 2)
      .group("committed", 2)
      .drain("a", "b", "c", "lost answer")
    expect(checkHistory(history.operations, { minAcks: 2, minFetches: 3, faults: [] })).toEqual({
      anomalies: [],
      vacuous: [],
    })
  })

  for (const kind of Object.keys(anomalyKinds) as AnomalyKind[]) {
    it(`names exactly ${kind}`, () => expect(seeded[kind].kinds()).toEqual([kind]))
  }

  it("sees an offset that was given out twice, without any read of it", () => {
    const history = good().append(["d"], 2).append(["e"], undefined, "info").drain("a", "b", "d", "e")
    expect(history.kinds().sort()).toEqual(["inconsistent-offsets", "lost-write"])
  })

  it("sees an acknowledgement with another offset than the record's", () => {
    expect(good().append(["d"], 4).append(["e"], undefined, "info").drain("a", "b", "c", "d", "e").kinds()).toContain(
      "inconsistent-offsets",
    )
  })

  it("sees an empty answer below the high watermark", () => {
    expect(good().fetch("r", 1, [], { highWatermark: 3, seek: true }).drain("a", "b", "c").kinds()).toEqual([
      "stale-read",
    ])
  })

  it("sees a high watermark that goes back", () => {
    const history = good().append(["d"], undefined, "info").fetch("r", 4, [], { seek: true, highWatermark: 4 })
    expect(history.drain("a", "b", "c").kinds()).toEqual(["stale-read"])
  })

  it("sees a batch whose records changed their order", () => {
    expect(new History().append(["a", "b"]).drain("b", "a").kinds()).toEqual(["torn-batch"])
  })

  it("allows appends that overlap in time any order", () => {
    const history = new History().append(["a"], 1, "ok", [0, 10]).append(["b"], 0, "ok", [5, 12])
    expect(history.drain("b", "a").kinds()).toEqual([])
  })

  it("takes the last of several readings of the whole log", () => {
    expect(new History().append(["a"], 0).drain("a").append(["b"], 1).drain("a", "b").kinds()).toEqual([])
  })

  it("calls a run that could not have shown anything vacuous", () => {
    const { operations } = good().drain("a", "b", "c")
    const { vacuous } = checkHistory(operations, { minAcks: 3, minFetches: 2, faults: ["kill"] })
    expect(vacuous).toHaveLength(3)
    expect(checkHistory(good().operations, NOTHING_EXPECTED).vacuous).toHaveLength(1)
    const fault: Operation = { process: "nemesis", id: 9, f: "fault", value: "kill", call: 1, return: 2, type: "ok" }
    expect(checkHistory([...operations, fault], { minAcks: 2, minFetches: 1, faults: ["kill"] }).vacuous).toEqual([])
  })

  it("reads and writes JSON lines", () => {
    const { operations } = seeded.unseen
    expect(readHistory(writeHistory(operations))).toEqual(operations)
  })

  it("checks a hundred thousand operations, far below the time of a quadratic pass", () => {
    const history = new History()
    const values: string[] = []
    for (let offset = 0; offset < 50_000; offset++) {
      values.push(`v${offset}`)
      history.append([`v${offset}`], offset)
      history.fetch("r", offset, [[offset, `v${offset}`]])
    }
    expect(history.drain(...values).kinds()).toEqual([])
  })
})
