/** What every storage of the log keeps: the promises of functions/log/ports.ts. */
import { afterAll, beforeAll, describe } from "vitest"
import { describeAppends } from "./partition-log/appends.ts"
import type { MakePartitionLog, PartitionLogSubject } from "./partition-log/fixture.ts"
import { describePartitions, describeReopening } from "./partition-log/lifecycle.ts"
import { describeModel } from "./partition-log/model.ts"
import { describeProducers } from "./partition-log/producers.ts"
import { describeReads } from "./partition-log/reads.ts"
import { describeWaiting } from "./partition-log/waiting.ts"

/** Each case takes partitions of its own, so that one storage serves them all. */
export function describePartitionLog(name: string, makeSubject: MakePartitionLog, durable = true): void {
  describe(`${name} is a partition log`, () => {
    let subject: PartitionLogSubject | undefined
    let store: PartitionLogSubject["store"] | undefined
    const log = () => {
      if (store === undefined) throw new Error("the storage is not open")
      return store
    }
    const reopen = async () => {
      store = await subject?.reopen()
    }
    beforeAll(async () => {
      subject = await makeSubject()
      store = subject.store
    })
    afterAll(() => subject?.dispose())

    describeAppends(log)
    describeProducers(log)
    describeReads(log)
    describeWaiting(log)
    describePartitions(log)
    describeModel(log, durable ? reopen : undefined)
    if (durable) describeReopening(log, reopen)
  })
}
