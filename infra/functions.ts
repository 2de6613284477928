/** The functions and what each may do: no more than its code does. */
import { readFileSync } from "node:fs"
import { Duration } from "aws-cdk-lib"
import { Rule, RuleTargetInput, Schedule } from "aws-cdk-lib/aws-events"
import { LambdaFunction } from "aws-cdk-lib/aws-events-targets"
import { Effect, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam"
import { Architecture, Function as LambdaFn, Runtime } from "aws-cdk-lib/aws-lambda"
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs"
import type { Construct } from "constructs"
import { bundledCode, type EntryName } from "./bundle.ts"
import type { DeploymentSettings } from "./settings.ts"
import type { Storage } from "./storage.ts"

export interface Functions {
  readonly api: LambdaFn
  readonly upkeep: LambdaFn
}

interface Shape {
  readonly entry: EntryName
  readonly memoryMb: number
  readonly timeout: Duration
}

/** A front door gives up after 30 s at the most. CPU comes with memory. */
const API: Shape = { entry: "api", memoryMb: 1024, timeout: Duration.seconds(29) }
/** It merges segments of tens of megabytes, and begins again where the last run ended. */
const UPKEEP: Shape = { entry: "upkeep", memoryMb: 1024, timeout: Duration.minutes(10) }
/** The sweep does all of it too. */
const UPKEEP_EVERY = { "1h": Duration.hours(1), "5m": Duration.minutes(5), "6h": undefined }
/** Lists all objects. Further apart than anything lasts that was under way when a topic was deleted. */
const SWEEP_EVERY = Duration.hours(6)

export function createFunctions(scope: Construct, storage: Storage, settings: DeploymentSettings): Functions {
  const api = createFunction(scope, "Api", API, storage, settings)
  allowObjects(api, storage, ["s3:GetObject", "s3:PutObject"])
  const upkeep = createFunction(scope, "Upkeep", UPKEEP, storage, settings)
  allowObjects(upkeep, storage, ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"])
  const every = UPKEEP_EVERY[settings.upkeep]
  if (every !== undefined) schedule(scope, "UpkeepSchedule", upkeep, every, { sweep: false })
  schedule(scope, "SweepSchedule", upkeep, SWEEP_EVERY, { sweep: true })
  return { api, upkeep }
}

/** The next run does what a failed one left. A rule, as LocalStack never fires a schedule of EventBridge Scheduler. */
function schedule(scope: Construct, name: string, lambda: LambdaFn, every: Duration, event: object): void {
  const target = new LambdaFunction(lambda, { event: RuleTargetInput.fromObject(event), retryAttempts: 0 })
  new Rule(scope, name, { schedule: Schedule.rate(every), targets: [target] })
}

function createFunction(
  scope: Construct,
  name: string,
  { entry, memoryMb, timeout }: Shape,
  storage: Storage,
  { architecture }: DeploymentSettings,
): LambdaFn {
  const role = new Role(scope, `${name}Role`, { assumedBy: new ServicePrincipal("lambda.amazonaws.com") })
  const logGroup = new LogGroup(scope, `${name}Logs`, { retention: RetentionDays.ONE_MONTH })
  logGroup.grantWrite(role)
  const lambda = new LambdaFn(scope, name, {
    runtime: Runtime.NODEJS_24_X,
    architecture: architecture === "arm64" ? Architecture.ARM_64 : Architecture.X86_64,
    handler: "index.handler",
    code: bundledCode(entry),
    memorySize: memoryMb,
    timeout,
    role,
    logGroup,
    environment: {
      STRATALOG_TABLE: storage.table.tableName,
      STRATALOG_BUCKET: storage.bucket.bucketName,
      STRATALOG_VERSION: version(),
    },
  })
  allowItems(lambda, storage)
  return lambda
}

/** Transactions are allowed by what they consist of. */
function allowItems(lambda: LambdaFn, { table }: Storage): void {
  const actions = ["GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem"]
  table.grant(lambda, ...actions.map((action) => `dynamodb:${action}`), "dynamodb:ConditionCheckItem")
}

/** Who may not list a bucket is told "forbidden" of an object that is missing, and that is another thing. */
function allowObjects(lambda: LambdaFn, { bucket }: Storage, actions: string[]): void {
  lambda.addToRolePolicy(new PolicyStatement({ effect: Effect.ALLOW, actions, resources: [bucket.arnForObjects("*")] }))
  lambda.addToRolePolicy(
    new PolicyStatement({ effect: Effect.ALLOW, actions: ["s3:ListBucket"], resources: [bucket.bucketArn] }),
  )
}

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL("../functions/package.json", import.meta.url), "utf8"))
  const found =
    typeof manifest === "object" && manifest !== null && "version" in manifest ? manifest.version : undefined
  return String(found)
}
