/** Writes a function's permissions into its role. */
import { Effect, PolicyStatement } from "aws-cdk-lib/aws-iam"
import type { Function as LambdaFn } from "aws-cdk-lib/aws-lambda"
import type { LogStorage } from "../storage.ts"
import type { StoragePermissions } from "./permissions.ts"

export function allowStorage(
  lambda: LambdaFn,
  { items, objects, lists }: StoragePermissions,
  { table, bucket }: LogStorage,
): void {
  for (const [action, keys] of Object.entries(items)) {
    lambda.addToRolePolicy(
      new PolicyStatement({
        effect: Effect.ALLOW,
        actions: [`dynamodb:${action}`],
        resources: [table.tableArn],
        conditions: keysAmong(keys),
      }),
    )
  }
  for (const [action, keys] of Object.entries(objects)) {
    const resources = keys.map((key) => `${bucket.bucketArn}/${key}`)
    lambda.addToRolePolicy(new PolicyStatement({ effect: Effect.ALLOW, actions: [`s3:${action}`], resources }))
  }
  if (!lists) return
  lambda.addToRolePolicy(
    new PolicyStatement({ effect: Effect.ALLOW, actions: ["s3:ListBucket"], resources: [bucket.bucketArn] }),
  )
}

/**
 * `ForAllValues` alone would also be true of a request that names no key at all, such as a scan: so there has to be one.
 * A transaction is judged item by item, a batch by all its keys together.
 */
function keysAmong(patterns: readonly string[]) {
  return {
    "ForAllValues:StringLike": { "dynamodb:LeadingKeys": [...patterns] },
    Null: { "dynamodb:LeadingKeys": "false" },
  }
}
