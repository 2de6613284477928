/** Writes a function's permissions into its role. */
import { Stack } from "aws-cdk-lib"
import { Effect, type IRole, PolicyStatement } from "aws-cdk-lib/aws-iam"
import type { Function as LambdaFn } from "aws-cdk-lib/aws-lambda"
import { breakRule } from "../broken-rules.ts"
import type { LogStorage } from "../storage.ts"
import type { StoragePermissions } from "./permissions.ts"
import { shown } from "./shown.ts"

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
    for (const resource of resources)
      breakRule(roleOf(lambda), "IAM5", WHY_WILDCARDS, `Resource::${shown(Stack.of(lambda).resolve(resource))}`)
  }
  if (!lists) return
  lambda.addToRolePolicy(
    new PolicyStatement({ effect: Effect.ALLOW, actions: ["s3:ListBucket"], resources: [bucket.bucketArn] }),
  )
}

const WHY_WILDCARDS = "Objects have names of their own under a prefix, and the function needs all that are there."

function roleOf({ role }: LambdaFn): IRole {
  if (role === undefined) throw new Error("a function of ours has a role")
  return role
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
