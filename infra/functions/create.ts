/** A function with a role and a log of its own. */
import { RemovalPolicy, Stack } from "aws-cdk-lib"
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam"
import { Architecture, Function as LambdaFn, Runtime } from "aws-cdk-lib/aws-lambda"
import { LogGroup } from "aws-cdk-lib/aws-logs"
import type { Construct } from "constructs"
import { bundledCode } from "#bundles"
import { accessVariables } from "../access.ts"
import { capital } from "../capital.ts"
import { allowKey } from "../encryption.ts"
import type { EntryName } from "../entries.ts"
import type { LogStorage } from "../storage.ts"
import { packageVersion } from "../version.ts"
import { allowStorage } from "./allow-storage.ts"
import { retentionOf } from "./log-retention.ts"
import { permissionsOf, usesObjects, writes } from "./permissions.ts"
import type { FunctionSettings } from "./settings.ts"
import { SHAPES } from "./shapes.ts"

export function createFunction(
  scope: Construct,
  entry: EntryName,
  storage: LogStorage,
  settings: FunctionSettings,
): LambdaFn {
  const { architecture = "arm64", memory = {}, reservedConcurrency = {} } = settings
  const name = capital(entry)
  const permissions = permissionsOf(entry, settings)
  const role = new Role(scope, `${name}Role`, { assumedBy: new ServicePrincipal("lambda.amazonaws.com") })
  const reserved = reservedConcurrency[entry]
  const lambda = new LambdaFn(scope, name, {
    runtime: Runtime.NODEJS_24_X,
    architecture: architecture === "arm64" ? Architecture.ARM_64 : Architecture.X86_64,
    handler: "index.handler",
    code: bundledCode(entry),
    memorySize: memory[entry] ?? SHAPES[entry].memoryMb,
    timeout: SHAPES[entry].timeout,
    ...(reserved !== undefined && { reservedConcurrentExecutions: reserved }),
    role,
    logGroup: createLog(scope, name, role, settings),
    environment: {
      STRATALOG_TABLE: storage.table.tableName,
      ...(usesObjects(permissions) && { STRATALOG_BUCKET: storage.bucket.bucketName }),
      STRATALOG_VERSION: packageVersion(),
      // Upkeep is called by nobody from outside.
      ...(entry !== "upkeep" && accessVariables(settings)),
    },
  })
  if (settings.metrics === "emf") tellFigures(lambda, entry)
  allowStorage(lambda, permissions, storage)
  if (storage.encryptionKey) allowKey(lambda, storage.encryptionKey, writes(permissions) ? "write" : "read")
  return lambda
}

function tellFigures(lambda: LambdaFn, entry: EntryName): void {
  lambda.addEnvironment("STRATALOG_METRICS", "emf")
  lambda.addEnvironment("STRATALOG_DEPLOYMENT", Stack.of(lambda).stackName)
  lambda.addEnvironment("STRATALOG_FUNCTION", entry)
}

/** Its role may write into this group and make none. */
function createLog(
  scope: Construct,
  name: string,
  role: Role,
  { logRetention = 30, throwAway = false }: FunctionSettings,
): LogGroup {
  const removalPolicy = throwAway ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN
  const logs = new LogGroup(scope, `${name}Logs`, { retention: retentionOf(logRetention), removalPolicy })
  logs.grantWrite(role)
  return logs
}
