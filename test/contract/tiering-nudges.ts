/** What all `TieringNudges` promise, whatever carries them. */
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { type UpkeepTask, upkeepTask } from "../../functions/lambda/upkeep-event.ts"
import type { PartitionRef } from "../../functions/log/ports.ts"
import type { TieringNudges } from "../../functions/partitions/dependencies.ts"

export interface TieringNudgesSubject {
  readonly nudges: TieringNudges
  /** The events that upkeep was called with. */
  readonly events: readonly unknown[]
  /** The partitions whose nudges were reported as failed. */
  readonly failed: readonly PartitionRef[]
  /** From here on nothing comes through: it is refused, or never answered. */
  break(how: "refuse" | "hang"): void
  mend(): void
  dispose(): Promise<void>
}

const one = { topicId: "0b8f7f0a-52c5-4a39-9a3c-6f3d6f2d9a01", partition: 0 }
const other = { topicId: "5f0c5d0e-8f4b-4a53-9d1b-0d6f8f2f7c11", partition: 999 }

export function describeTieringNudges(name: string, makeSubject: () => Promise<TieringNudgesSubject>): void {
  describe(`nudges: ${name}`, () => {
    let subject: TieringNudgesSubject
    beforeEach(async () => {
      subject = await makeSubject()
    })
    afterEach(() => subject.dispose())

    it("tell upkeep of the partition", async () => {
      await subject.nudges.nudge(one)
      await Promise.all([subject.nudges.nudge(other), subject.nudges.nudge(one)])
      const tasks: UpkeepTask[] = subject.events.map(upkeepTask)
      const partitions = tasks.flatMap((task) => (task.kind === "nudged" ? task.partitions : []))
      expect(partitions).toHaveLength(3)
      expect(partitions[0]).toEqual(one)
      expect(partitions).toEqual(expect.arrayContaining([other]))
      expect(subject.failed).toEqual([])
    })

    it.each(["refuse", "hang"] as const)("end and say so where they %s, and come through again later", async (how) => {
      subject.break(how)
      await subject.nudges.nudge(one)
      expect(subject.failed).toEqual([one])
      subject.mend()
      await subject.nudges.nudge(other)
      expect(subject.events.map(upkeepTask)).toEqual([{ kind: "nudged", partitions: [other] }])
      expect(subject.failed).toEqual([one])
    })
  })
}
