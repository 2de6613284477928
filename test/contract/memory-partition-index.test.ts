// The fake that other tests stand on does to the letter what DynamoDB does.
import { createMemoryPartitionIndex } from "../fakes/memory-partition-index.ts"
import { describePartitionIndex } from "./partition-index.ts"

describePartitionIndex("the index in memory", async () => ({
  index: createMemoryPartitionIndex(),
  dispose: async () => undefined,
}))
