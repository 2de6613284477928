// The append protocol keeps the log's promises over an index and objects in memory.
import { createIndexedLog } from "../../functions/partitions/indexed-log.ts"
import { partitionsDeps } from "../fakes/partitions-deps.ts"
import { describePartitionLog } from "./partition-log.ts"

describePartitionLog("the indexed log", async () => {
  const { deps } = partitionsDeps()
  const open = () => createIndexedLog(deps)
  return { store: open(), reopen: async () => open(), dispose: async () => undefined }
})
