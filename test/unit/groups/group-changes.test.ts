import { describe, expect, it } from "vitest"
import { GroupChanges } from "../../../functions/groups/group-changes.ts"

describe("changes of groups", () => {
  it("are told to who watches that group, until it ends", () => {
    const changes = new GroupChanges()
    const [watch, other, ended] = [changes.watch("g", "a", 1), changes.watch("h", "a", 1), changes.watch("g", "b", 1)]
    ended.end()
    changes.changed("g", 2)
    expect([watch, other, ended].map(({ signal }) => signal.aborted)).toEqual([true, false, false])
    expect(watch.overtaken).toBe(false)
  })

  it("are not told again to who has read them, and those that came after are not lost", () => {
    const changes = new GroupChanges()
    const watch = changes.watch("g", "a", 1)
    changes.changed("g", 2)
    changes.changed("g", 3)
    watch.renew(2)
    expect(watch.signal.aborted).toBe(true)
    watch.renew(3)
    expect(watch.signal.aborted).toBe(false)
    changes.changed("g", 4)
    expect(watch.signal.aborted).toBe(true)
  })

  it("are also later requests of the same member: then nothing brings the wait back", () => {
    const changes = new GroupChanges()
    const [watch, other] = [changes.watch("g", "a", 5), changes.watch("g", "b", 1)]
    changes.came("g", "a", 5)
    expect(watch.overtaken).toBe(false)
    changes.came("g", "a", 6)
    watch.renew(99)
    expect([watch.overtaken, watch.signal.aborted, other.signal.aborted]).toEqual([true, true, false])
  })
})
