import { CreateTableCommand, DeleteTableCommand } from "@aws-sdk/client-dynamodb"
import { expect, it } from "vitest"
import { checkTable, createTable } from "../../functions/storage/aws/dynamodb/table.ts"
import { describeOnDynamoDb, temporaryTable } from "./dynamodb.ts"

describeOnDynamoDb("the table", () => {
  it("is made once, and found usable", async () => {
    const { clients, table, dispose } = await temporaryTable()
    await createTable(clients.repeating, table)
    expect(await checkTable(clients.repeating, table)).toEqual({ kind: "usable" })
    await dispose()
  })

  it("is refused with a sentence where it is missing or has other keys", async () => {
    const { clients, table, dispose } = await temporaryTable()
    const missing = await checkTable(clients.repeating, "none-of-this-name")
    expect(missing).toMatchObject({
      kind: "unusable",
      detail: expect.stringContaining("none-of-this-name does not exist"),
    })
    const other = `${table}-other`
    await clients.repeating.send(
      new CreateTableCommand({
        TableName: other,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "N" }],
        KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
      }),
    )
    const refused = await checkTable(clients.repeating, other)
    expect(refused).toMatchObject({ kind: "unusable", detail: expect.stringMatching(/other keys \(pk HASH N\)/) })
    await clients.repeating.send(new DeleteTableCommand({ TableName: other }))
    await dispose()
  })
})
