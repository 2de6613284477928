import { describe, expect, it } from "vitest"
import { checkHistory } from "./check.ts"
import { History, KEY, NOTHING_EXPECTED } from "./history-builder.ts"

const VALUES = ["a", "b", "c", "d"] as const
const log = () => new History().append(VALUES, 0)

/** A member was given four records, is done with `done` of them, and has committed `committed`. */
const consuming = (done: number, committed: number) =>
  log()
    .claim("m", 1, 0)
    .poll("m", 0, ...VALUES)
    .process("m", 0, done)
    .commit("m", 1, committed)

const kindsOf = (history: History) => history.drain(...VALUES).kinds()

describe("the history checker, on groups", () => {
  it("finds nothing where a partition is handed over, given up, reset and read again", () => {
    const history = log()
      .assign("m", [0, 1], [], [KEY])
      .claim("m", 1, 0)
      .poll("m", 0, "a", "b")
      .process("m", 0, 2)
      .commit("m", 1, 2)
      .assign("n", [0, 2], [], [])
      .assign("m", [1, 2], [KEY], [])
      .assign("m", [2, 2], [], [])
      .assign("n", [2, 3], [], [KEY])
      .claim("n", 3, 2)
      .poll("n", 2, "c", "d")
      .commit("m", 2, 2, "fail")
      .process("n", 2, 4)
      .commit("n", 3, 4)
      .assign("n", [-1, 3], [], [])
      .assign("m", [-1, 3], [], [])
      .reset(1)
      .assign("n", [0, 5], [], [KEY])
      .claim("n", 5, 1)
      .poll("n", 1, "b", "c", "d")
      .process("n", 1, 4)
      .commit("n", 5, 4)
      .committed(4)
      .drain(...VALUES)
    const expected = { minAcks: 1, minFetches: 1, faults: [], groups: { minCommits: 3, minHandovers: 1 } }
    expect(checkHistory(history.operations, expected)).toEqual({ anomalies: [], vacuous: [] })
  })

  it("allows records to be given out again", () => {
    expect(
      kindsOf(consuming(3, 2).claim("n", 2, 2).poll("n", 2, "c", "d").process("n", 2, 4).commit("n", 2, 4)),
    ).toEqual([])
  })

  describe("poll-skip", () => {
    it("where the next owner begins behind what its predecessor was given and did not process", () => {
      expect(kindsOf(consuming(2, 2).claim("n", 2, 4))).toEqual(["poll-skip"])
    })

    it("where the next owner's first records are not those that follow its claim", () => {
      const history = consuming(2, 2).claim("n", 2, 2).poll("n", 3, "d").process("m", 2, 4)
      expect(kindsOf(history)).toEqual(["poll-skip"])
    })

    it("where a group that begins at the end has two beginnings", () => {
      const latest = () => log().claim("m", 1, 1, true)
      expect(kindsOf(latest().claim("n", 2, 3, true).process("n", 3, 4))).toEqual(["poll-skip"])
      expect(kindsOf(latest().claim("n", 2, 1).process("n", 1, 4))).toEqual([])
    })

    it("not where a group that begins at the end was reset before any claim of it was answered", () => {
      const history = log().committed(3).reset(1).claim("n", 2, 1, true).process("n", 1, 4).commit("n", 2, 4)
      expect(kindsOf(history)).toEqual([])
      expect(kindsOf(log().reset(1).claim("n", 2, 3, true).process("n", 3, 4))).toEqual(["poll-skip"])
    })

    it("not where a reset, or the loss of its answer, leads past records", () => {
      const goingOn = (history: History) =>
        history.claim("n", 4, 3).poll("n", 3, "d").process("n", 3, 4).commit("n", 4, 4)
      expect(kindsOf(goingOn(consuming(1, 1).reset(3)))).toEqual([])
      expect(kindsOf(goingOn(consuming(1, 1).reset(3, "info")))).toEqual([])
      expect(kindsOf(goingOn(consuming(1, 1).reset(3, "fail")))).toEqual(["poll-skip"])
    })

    it("not where a reset that nobody knows of came after one that was answered, but where it leads elsewhere", () => {
      const history = (to: number, type: "info" | "fail") =>
        consuming(1, 1).reset(to, type).reset(0).claim("n", 4, 3).process("n", 3, 4)
      expect(kindsOf(history(3, "info"))).toEqual([])
      expect(kindsOf(history(2, "info"))).toEqual(["poll-skip"])
      expect(kindsOf(history(3, "fail"))).toEqual(["poll-skip"])
    })

    it("where a reset led back, and what had been processed before it is passed over now", () => {
      const again = (history: History) => history.reset(0).claim("n", 4, 2).poll("n", 2, "c", "d").process("n", 2, 4)
      expect(kindsOf(again(consuming(4, 1)))).toEqual(["poll-skip"])
    })
  })

  describe("unprocessed", () => {
    it("where a claim goes by a commit that was ahead of its member", () => {
      const history = consuming(2, 4).claim("n", 2, 4)
      expect(kindsOf(history)).toEqual(["unprocessed"])
    })

    it("where only the committed offset that is read tells", () => {
      expect(kindsOf(log().claim("m", 1, 0).committed(2).process("m", 2, 4))).toEqual(["unprocessed"])
    })

    it("not by a commit that nobody knows of", () => {
      expect(kindsOf(log().claim("m", 1, 0).commit("m", 1, 4, "info").process("m", 0, 4))).toEqual([])
    })
  })

  describe("zombie-commit", () => {
    it("where a commit whose answer was lost shows after the next owner's claim", () => {
      const lost = consuming(4, 2).commit("m", 1, 3, "info")
      expect(kindsOf(lost.claim("n", 2, 2).committed(3))).toEqual(["zombie-commit"])
      expect(kindsOf(consuming(4, 2).commit("m", 1, 3, "info").claim("n", 2, 3).committed(3))).toEqual([])
    })

    it("where a commit that was refused shows", () => {
      expect(kindsOf(consuming(4, 2).claim("n", 2, 2).commit("m", 1, 3, "fail").committed(3))).toEqual([
        "zombie-commit",
      ])
    })

    it("not where the next owner commits the same", () => {
      const lost = () => consuming(4, 2).commit("m", 1, 3, "info").claim("n", 2, 2)
      expect(kindsOf(lost().commit("n", 2, 3).committed(3))).toEqual([])
      expect(kindsOf(lost().commit("n", 2, 3, "info").committed(3))).toEqual([])
    })

    it("where a member from before a reset commits", () => {
      const old = () => log().assign("m", [0, 1], [], [KEY]).claim("m", 1, 0).process("m", 0, 4)
      expect(kindsOf(old().reset(1).process("m", 1, 4).commit("m", 1, 3))).toEqual(["zombie-commit"])
      expect(kindsOf(old().reset(1, "info").commit("m", 1, 3))).toEqual([])
    })
  })

  describe("commit-regress", () => {
    it("where a claim begins before what was committed", () => {
      expect(kindsOf(consuming(4, 4).claim("n", 2, 3))).toEqual(["commit-regress"])
    })

    it("where an offset goes back further than a reset leads", () => {
      expect(kindsOf(consuming(4, 4).reset(2).committed(2).process("n", 2, 4))).toEqual([])
      expect(kindsOf(consuming(4, 4).reset(2).committed(1).process("n", 1, 4))).toEqual(["commit-regress"])
    })

    it("where it goes back after a reset that led back was over", () => {
      const history = consuming(4, 4).reset(1).process("n", 1, 4).commit("n", 4, 4).committed(2)
      expect(kindsOf(history)).toEqual(["commit-regress"])
    })

    it("not while a reset is under way, nor where it deletes the group", () => {
      const under = consuming(4, 4).reset(1, "ok", [12, 20]).committed(1, [13, 14]).committed(4, [15, 22])
      expect(kindsOf(under.process("n", 1, 4))).toEqual([])
      expect(kindsOf(consuming(4, 4).reset(null).committed(null).process("n", 0, 4))).toEqual([])
    })
  })

  describe("double-owner", () => {
    const told = () => log().assign("m", [0, 1], [], [KEY])
    const both = (history: History) => history.assign("n", [0, 2], [], [KEY]).assign("n", [2, 2], [KEY], [KEY])

    it("where a partition is another's before it was given up", () => {
      expect(kindsOf(both(told()).assign("m", [1, 3], [KEY], []))).toEqual(["double-owner"])
      const late = told()
        .assign("n", [0, 2], [], [KEY])
        .assign("m", [1, 3], [KEY], [])
        .assign("n", [2, 2], [KEY], [KEY])
      expect(kindsOf(late)).toEqual(["double-owner"])
    })

    it("not where nothing was heard of the former owner, as it may have been expelled", () => {
      expect(kindsOf(both(told()))).toEqual([])
    })

    it("not where the member left, was expelled, joined again or gave it up in a request that got no answer", () => {
      expect(kindsOf(both(told().assign("m", [-1, 1], [], [], "info")))).toEqual([])
      expect(kindsOf(both(told().assign("m", [0, 3], [], [], "info")))).toEqual([])
      expect(kindsOf(both(told().assign("m", [1, 1], [], [], "info")))).toEqual([])
      expect(kindsOf(both(told()).assign("m", [1, 1], [KEY], [], "fail"))).toEqual([])
    })
  })

  it("misses the records that nobody processed", () => {
    expect(kindsOf(consuming(3, 3))).toEqual(["unseen"])
  })

  it("calls a history vacuous where nothing was handed over or committed, or the end was not looked at", () => {
    const groups = { minCommits: 2, minHandovers: 1 }
    const { operations } = consuming(4, 4).drain(...VALUES)
    const { vacuous } = checkHistory(operations, { ...NOTHING_EXPECTED, groups })
    expect(vacuous).toEqual([
      "only 1 acknowledged commits of members, of 2 at least",
      "only 0 partitions changed hands, of 1 at least",
      `what g:${KEY} committed was not read after the last record`,
    ])
  })

  it("checks a hundred thousand operations of two members that take turns", () => {
    const history = new History()
    const values: string[] = []
    for (let turn = 0; turn < 20_000; turn++) {
      const member = turn % 20 < 10 ? "m" : "n"
      values.push(`v${turn}`)
      history.append([`v${turn}`], turn)
      history.claim(member, 1 + Math.floor(turn / 10), turn).poll(member, turn, `v${turn}`)
      history.process(member, turn, turn + 1).commit(member, 1 + Math.floor(turn / 10), turn + 1)
    }
    expect(history.drain(...values).kinds()).toEqual([])
  })
})
