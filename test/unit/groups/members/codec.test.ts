import { describe, expect, it } from "vitest"
import { decodeGroupState, encodeGroupState } from "../../../../functions/groups/members/codec.ts"
import { DamagedState } from "../../../../functions/groups/members/fields.ts"
import { fitsGroupState, mostBytes } from "../../../../functions/groups/members/size.ts"
import type { GroupState } from "../../../../functions/groups/members/state.ts"
import { NewerFormat } from "../../../../functions/log/newer-format.ts"
import { Group, topic } from "./fixture.ts"

const uuid = (index: number) => `0190c5a2-7d3e-7a3b-8f00-${String(index).padStart(12, "0")}`

function grown(members: number, ...partitions: number[]): GroupState {
  const group = new Group(...partitions.map((count, index) => topic(`orders-${index}`, count, uuid(900 + index))))
  for (let index = 0; index < members; index++) {
    group.now += 250
    group.send(uuid(index), { memberEpoch: 0, topics: ["^orders-.*"] })
  }
  if (group.state === undefined) throw new Error("nobody joined")
  return group.state
}

describe("a state as text", () => {
  it("of 8 members on 64 partitions takes less than 1.2 KB, in the middle of a change, too", () => {
    const state = grown(8, 64)
    expect(state.topics[0]?.partitions.some(({ holder, target }) => holder !== target)).toBe(true)
    expect(encodeGroupState(state).length).toBeLessThan(1_200)
    expect(decodeGroupState(encodeGroupState(state))).toEqual(state)
  })

  it("of 200 members on 2,000 partitions takes less than 300 KB", () => {
    const state = grown(200, 1_000, 600, 400)
    expect(encodeGroupState(state).length).toBeLessThan(40_000)
    expect(decodeGroupState(encodeGroupState(state))).toEqual(state)
    expect(fitsGroupState(state)).toBe(true)
  })

  it("of more partitions than fit is told before", () => {
    expect(fitsGroupState(grown(1, 10_000, 10_000, 10_000))).toBe(true)
    const partitions = Array.from({ length: 10_000 }, () => ({}))
    const topics = Array.from({ length: 16 }, (_, index) => ({ topicId: uuid(index), topic: `t${index}`, partitions }))
    expect(fitsGroupState({ ...grown(1, 1), topics })).toBe(false)
    expect(mostBytes({ epoch: 0, members: [], topics: [] })).toBeLessThan(1_000)
  })

  it.each([
    ["", "no JSON"],
    ["{}", "a list is missing"],
    ["[0,1,0,[],[],[]]", "version is 0"],
    ['[1,1,0,[],[["a",1,1,0,0,1,""]],[]]', "profile"],
    ['[1,1,0,[["fair",1,1,[]]],[],[]]', "assignor"],
    ['[1,1,0,[],[],[["id","orders",2,"A"]]]', "1 cells instead of 2"],
    ['[1,1,0,[],[],[["id","orders",2,"A*3."]]]', "more than 2 cells"],
    ['[1,1,0,[],[],[["id","orders",2,"A*x."]]]', "a run without a length"],
    ['[1,1,0,[],[],[["id","orders",1,"B"]]]', "a member is missing"],
    ['[1,1,0,[],[],[["id","orders",1,"!"]]]', "no cell"],
    ["[1,1.5,0,[],[],[]]", "a number is missing"],
    ["[1,1,0,[],[[7,1,1,0,0,1,1]],[]]", "profile"],
  ])("that is damaged is said to be: %s", (text, what) => {
    expect(() => decodeGroupState(text)).toThrow(DamagedState)
    expect(() => decodeGroupState(text)).toThrow(what)
  })

  it("that a later version wrote is said to be", () => {
    expect(() => decodeGroupState("[2,1,0,[],[],[],7]")).toThrow(NewerFormat)
    expect(() => decodeGroupState("[2,1,0,[],[],[],7]")).toThrow("install")
  })
})
