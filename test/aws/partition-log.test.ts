import { partitionIds } from "../../functions/compose/partition-ids.ts"
import { timer } from "../../functions/compose/timer.ts"
import { createIndexedLog } from "../../functions/partitions/indexed-log.ts"
import { createPartitionIndex } from "../../functions/storage/aws/dynamodb/partition-index/partition-index.ts"
import { describePartitionLog } from "../contract/partition-log.ts"
import { partitionsDeps } from "../fakes/partitions-deps.ts"
import { describeOnDynamoDb, temporaryTable } from "./dynamodb.ts"

describeOnDynamoDb("DynamoDB", () => {
  describePartitionLog("the indexed log on a table", async () => {
    const access = await temporaryTable()
    const clock = { now: Date.now }
    const { deps } = partitionsDeps({ index: createPartitionIndex(access), ids: partitionIds(), timer, clock })
    const open = () => createIndexedLog(deps)
    return { store: open(), reopen: async () => open(), dispose: access.dispose }
  })
})
