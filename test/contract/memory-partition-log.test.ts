// The fake that other tests stand on keeps the port's promises too, durability aside.
import { createMemoryPartitionLog } from "../fakes/memory-partition-log.ts"
import { describePartitionLog } from "./partition-log.ts"

describePartitionLog(
  "the log in memory",
  async () => {
    const store = createMemoryPartitionLog()
    return { store, reopen: async () => store, dispose: async () => undefined }
  },
  false,
)
