/** What every `PartitionIndex` promises, whatever it is made of: functions/partitions/ports.ts. */
import { afterAll, beforeAll, describe } from "vitest"
import type { PartitionIndex } from "../../functions/partitions/ports.ts"
import { describeChanges } from "./partition-index/changes.ts"
import { describeCommits } from "./partition-index/commits.ts"
import type { PartitionIndexSubject } from "./partition-index/fixture.ts"
import { describeItems } from "./partition-index/items.ts"
import { describePages } from "./partition-index/pages.ts"
import { describeProducers } from "./partition-index/producers.ts"
import { describeTopics } from "./partition-index/topics.ts"

export function describePartitionIndex(name: string, makeSubject: () => Promise<PartitionIndexSubject>): void {
  describe(`${name} is a partition index`, () => {
    let subject: PartitionIndexSubject | undefined
    const index = (): PartitionIndex => {
      if (subject === undefined) throw new Error("the storage is not open")
      return subject.index
    }
    beforeAll(async () => {
      subject = await makeSubject()
    })
    afterAll(() => subject?.dispose())

    describeCommits(index)
    describeProducers(index)
    describeChanges(index)
    describeTopics(index)
    describePages(index)
    describeItems(index)
  })
}
