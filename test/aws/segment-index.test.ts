import { createSegmentIndex } from "../../functions/storage/aws/dynamodb/segment-index.ts"
import { describeSegmentIndex } from "../contract/segment-index.ts"
import { describeOnDynamoDb, temporaryTable } from "./dynamodb.ts"

describeOnDynamoDb("DynamoDB", () => {
  describeSegmentIndex("a table", async () => {
    const access = await temporaryTable()
    return { index: createSegmentIndex(access), dispose: access.dispose }
  })
})
