/** A `PartitionIndex` in memory that does what each request says in one step, and lets a test decide what becomes of it. */
import type { EntrySize, PartitionIndex } from "../../functions/partitions/ports.ts"
import { entrySize } from "../../functions/storage/aws/dynamodb/codec/entry.ts"
import { FaultyRequests, type Interceptor, type OperationOf } from "./faults.ts"
import { PartitionIndexState } from "./partition-index-state.ts"

export type IndexOperation = OperationOf<PartitionIndex>

export interface MemoryPartitionIndex extends PartitionIndex {
  /** Counts by kind; its `interceptor` may be set and cleared at any time. */
  readonly requests: FaultyRequests<IndexOperation>
}

/** Requests that change nothing, so that one of which nothing was heard had no effect. */
export const indexReads: readonly (keyof PartitionIndex)[] = [
  "topicPartitions",
  "deletedTopics",
  "head",
  "pagesAfter",
  "pagesUpTo",
  "items",
  "listItems",
  "spilledProducer",
]

export function createMemoryPartitionIndex(
  options: {
    readonly interceptor?: Interceptor<IndexOperation> /** DynamoDB's unless given. */
    readonly entrySize?: EntrySize
  } = {},
): MemoryPartitionIndex {
  const state = new PartitionIndexState(options.entrySize ?? entrySize)
  const requests = new FaultyRequests<IndexOperation>((name) => indexReads.includes(name), options.interceptor)
  return {
    requests,
    createHeads: (...args) => requests.run({ name: "createHeads", args }, () => state.createHeads(...args)),
    deleteHeads: (...args) => requests.run({ name: "deleteHeads", args }, () => state.deleteHeads(...args)),
    topicPartitions: (...args) => requests.run({ name: "topicPartitions", args }, () => state.topicPartitions(...args)),
    forgetTopic: (...args) => requests.run({ name: "forgetTopic", args }, () => state.forgetTopic(...args)),
    deletedTopics: (...args) => requests.run({ name: "deletedTopics", args }, () => state.deletedTopics(...args)),
    head: (...args) => requests.run({ name: "head", args }, () => state.head(...args)),
    commit: (...args) => requests.run({ name: "commit", args }, () => state.commit(...args)),
    change: (...args) => requests.run({ name: "change", args }, () => state.change(...args)),
    putPage: (...args) => requests.run({ name: "putPage", args }, () => state.putPage(...args)),
    pagesAfter: (...args) => requests.run({ name: "pagesAfter", args }, () => state.pagesAfter(...args)),
    pagesUpTo: (...args) => requests.run({ name: "pagesUpTo", args }, () => state.pagesUpTo(...args)),
    removePages: (...args) => requests.run({ name: "removePages", args }, () => state.removePages(...args)),
    putItem: (...args) => requests.run({ name: "putItem", args }, () => state.putItem(...args)),
    items: (...args) => requests.run({ name: "items", args }, () => state.items(...args)),
    removeItems: (...args) => requests.run({ name: "removeItems", args }, () => state.removeItems(...args)),
    listItems: (...args) => requests.run({ name: "listItems", args }, () => state.listItems(...args)),
    spillProducer: (...args) => requests.run({ name: "spillProducer", args }, () => state.spillProducer(...args)),
    spilledProducer: (...args) => requests.run({ name: "spilledProducer", args }, () => state.spilledProducer(...args)),
    removeSpilled: (...args) => requests.run({ name: "removeSpilled", args }, () => state.removeSpilled(...args)),
  }
}
