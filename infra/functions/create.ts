/** A function with a role and a log of its own. */

import { RemovalPolicy } from "aws-cdk-lib"
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam"
import { Architecture, Function as LambdaFn, Runtime } from "aws-cdk-lib/aws-lambda"
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs"
import type { Construct } from "constructs"
import { bundledCode } from "#bundles"
import type { EntryName } from "../entries.ts"
import type { LogStorage, StorageSettings } from "../storage.ts"
import { packageVersion } from "../version.ts"
import { allowStorage } from "./allow-storage.ts"
import { PERMISSIONS, usesObjects } from "./permissions.ts"
import { SHAPES } from "./shapes.ts"

export interface FunctionSettings extends Pick<StorageSettings, "throwAway"> {
  /** What the functions run on. Default `arm64`, which costs a fifth less. */
  readonly architecture?: "arm64" | "x86_64" | undefined
}

export function createFunction(
  scope: Construct,
  entry: EntryName,
  storage: LogStorage,
  { architecture = "arm64", throwAway = false }: FunctionSettings,
): LambdaFn {
  const name = `${entry.charAt(0).toUpperCase()}${entry.slice(1)}`
  const role = new Role(scope, `${name}Role`, { assumedBy: new ServicePrincipal("lambda.amazonaws.com") })
  const logGroup = new LogGroup(scope, `${name}Logs`, {
    retention: RetentionDays.ONE_MONTH,
    removalPolicy: throwAway ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
  })
  logGroup.grantWrite(role)
  const lambda = new LambdaFn(scope, name, {
    runtime: Runtime.NODEJS_24_X,
    architecture: architecture === "arm64" ? Architecture.ARM_64 : Architecture.X86_64,
    handler: "index.handler",
    code: bundledCode(entry),
    memorySize: SHAPES[entry].memoryMb,
    timeout: SHAPES[entry].timeout,
    role,
    logGroup,
    environment: {
      STRATALOG_TABLE: storage.table.tableName,
      ...(usesObjects(PERMISSIONS[entry]) && { STRATALOG_BUCKET: storage.bucket.bucketName }),
      STRATALOG_VERSION: packageVersion(),
    },
  })
  allowStorage(lambda, PERMISSIONS[entry], storage)
  return lambda
}
