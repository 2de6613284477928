/** A key of the user's own. */
import { Duration, RemovalPolicy, Stack, Token } from "aws-cdk-lib"
import { Effect, PolicyStatement } from "aws-cdk-lib/aws-iam"
import { type IKey, Key } from "aws-cdk-lib/aws-kms"
import type { Function as LambdaFn } from "aws-cdk-lib/aws-lambda"
import type { Construct } from "constructs"
import { SettingError } from "./setting-error.ts"

/** `new`, the ARN of a key, or a key. */
export type EncryptionKeySetting = string | IKey

export function encryptionKeyOf(
  scope: Construct,
  setting: EncryptionKeySetting | undefined,
  throwAway: boolean,
): IKey | undefined {
  if (typeof setting !== "string") return setting
  if (setting !== "new") {
    if (!Token.isUnresolved(setting) && !setting.startsWith("arn:")) {
      throw new SettingError(`encryptionKey: write new, or the ARN of a key, not ${setting}.`)
    }
    return Key.fromKeyArn(scope, "Key", setting)
  }
  return new Key(scope, "Key", {
    description: "Stratalog",
    enableKeyRotation: true,
    // As soon as KMS lets a key go.
    ...(throwAway && { pendingWindow: Duration.days(7) }),
    removalPolicy: throwAway ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
  })
}

const READ = ["Decrypt", "DescribeKey"]
/** What DynamoDB, S3 and SNS do with a key in the name of whoever writes. */
const WRITE = [...READ, "Encrypt", "ReEncryptFrom", "ReEncryptTo", "GenerateDataKey", "GenerateDataKeyWithoutPlaintext"]
const SERVICES = ["dynamodb", "s3", "sns"]

/** Through the services that hold the data, and never by itself. */
export function allowKey(lambda: LambdaFn, { keyArn }: Pick<IKey, "keyArn">, use: "read" | "write"): void {
  const { region, urlSuffix } = Stack.of(lambda)
  lambda.addToRolePolicy(
    new PolicyStatement({
      effect: Effect.ALLOW,
      actions: (use === "read" ? READ : WRITE).map((action) => `kms:${action}`),
      resources: [keyArn],
      conditions: { StringEquals: { "kms:ViaService": SERVICES.map((name) => `${name}.${region}.${urlSuffix}`) } },
    }),
  )
}
