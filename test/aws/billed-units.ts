/** What requests are billed, as DynamoDB itself counts it. */
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb"

/** `count` is called once for each call that succeeds: a transaction tells of each table, and so do batches. */
export function countUnits(client: DynamoDBClient, count: (units: number) => void): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      const answer = await next({ ...args, input: { ...args.input, ReturnConsumedCapacity: "TOTAL" } })
      const output: object = answer.output
      const consumed: unknown = "ConsumedCapacity" in output ? output.ConsumedCapacity : undefined
      for (const each of Array.isArray(consumed) ? consumed : [consumed]) count(Number(each?.CapacityUnits ?? 0))
      return answer
    },
    { step: "initialize", name: "countUnits" },
  )
}
