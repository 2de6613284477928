import { createPartitionIndex } from "../../functions/storage/aws/dynamodb/partition-index/partition-index.ts"
import { describePartitionIndex } from "../contract/partition-index.ts"
import { describeOnDynamoDb, temporaryTable } from "./dynamodb.ts"

describeOnDynamoDb("DynamoDB", () => {
  describePartitionIndex("a table", async () => {
    const access = await temporaryTable()
    return { index: createPartitionIndex(access), dispose: access.dispose }
  })
})
