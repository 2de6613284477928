/** What each function may do to the table and the bucket: no more than its code does. */
import { Effect, PolicyStatement } from "aws-cdk-lib/aws-iam"
import type { Function as LambdaFn } from "aws-cdk-lib/aws-lambda"
import type { EntryName } from "../entries.ts"
import type { LogStorage } from "../storage.ts"

const READ_ITEMS = ["GetItem", "BatchGetItem", "Query"]
/** Transactions are allowed by what they consist of. */
const CHANGE_ITEMS = ["PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "ConditionCheckItem"]

const ITEM_ACTIONS: Readonly<Record<EntryName, readonly string[]>> = {
  produce: [...READ_ITEMS, "PutItem", "UpdateItem", "ConditionCheckItem"],
  fetch: READ_ITEMS,
  poll: [...READ_ITEMS, ...CHANGE_ITEMS],
  admin: [...READ_ITEMS, ...CHANGE_ITEMS],
  api: [...READ_ITEMS, ...CHANGE_ITEMS],
  upkeep: [...READ_ITEMS, ...CHANGE_ITEMS],
}

const OBJECT_ACTIONS: Readonly<Record<EntryName, readonly string[]>> = {
  produce: ["GetObject", "PutObject"],
  fetch: ["GetObject"],
  poll: ["GetObject"],
  admin: ["GetObject"],
  api: ["GetObject", "PutObject"],
  upkeep: ["GetObject", "PutObject", "DeleteObject"],
}

export function allowStorage(lambda: LambdaFn, entry: EntryName, { table, bucket }: LogStorage): void {
  const allow = (service: string, actions: readonly string[], resource: string) =>
    lambda.addToRolePolicy(
      new PolicyStatement({
        effect: Effect.ALLOW,
        actions: actions.map((action) => `${service}:${action}`),
        resources: [resource],
      }),
    )
  allow("dynamodb", ITEM_ACTIONS[entry], table.tableArn)
  allow("s3", OBJECT_ACTIONS[entry], `${bucket.bucketArn}/*`)
  // Who may not list a bucket is told "forbidden" of an object that is missing, and that is another thing.
  allow("s3", ["ListBucket"], bucket.bucketArn)
}
