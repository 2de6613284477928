/** What a function is told by its environment; the stack sets it. */
import { contentCodecs, portableCodecs } from "stratalog/record-batch"
import type { AdminOptions, RecordsOptions, TableOptions } from "../compose/functions/options.ts"
import type { FunctionFiguresOptions } from "./function-figures.ts"
import type { AccessChoice } from "./gates.ts"
import type { FrontDoor } from "./gateway-handler.ts"
import { lambdaLimits } from "./limits.ts"

export type Environment = Readonly<Record<string, string | undefined>>

function tableOptions(environment: Environment): TableOptions {
  return {
    table: required(environment, "STRATALOG_TABLE"),
    version: required(environment, "STRATALOG_VERSION"),
    limits: lambdaLimits,
    // Whoever has answered is frozen.
    settings: { rollInBackground: false, ...setting("nudgeBytes", count(environment, "STRATALOG_NUDGE_BYTES", 1)) },
  }
}

/** Throws where something is missing: a function that cannot work should not come up. */
export function adminOptions(environment: Environment): AdminOptions {
  return { ...tableOptions(environment), codecs: contentCodecs() }
}

/** Throws likewise. */
export function recordsOptions(environment: Environment): RecordsOptions {
  // The SDK would read it, too, but has to be told that buckets are named in the path then.
  const s3Endpoint = environment["AWS_ENDPOINT_URL_S3"] || environment["AWS_ENDPOINT_URL"]
  return {
    ...tableOptions(environment),
    bucket: required(environment, "STRATALOG_BUCKET"),
    codecs: portableCodecs(),
    ...(s3Endpoint && { s3Endpoint }),
  }
}

/** Both absent behind a front door that sees to it itself. */
export function frontDoor(environment: Environment): FrontDoor {
  return {
    corsOrigins: (environment["STRATALOG_CORS_ORIGINS"] ?? "").split(",").filter((origin) => origin !== ""),
    basePath: environment["STRATALOG_BASE_PATH"] || undefined,
  }
}

/** Throws where it is missing or unknown: a function that does not know whom to ask should not come up. */
export function accessChoice(environment: Environment): AccessChoice {
  return {
    auth: oneOf(environment, "STRATALOG_AUTH", ["iam", "key", "both", "none"]),
    iamPrincipals: oneOf(environment, "STRATALOG_IAM_PRINCIPALS", ["super", "acl"], "super"),
    superUsers: new Set((environment["STRATALOG_SUPER_USERS"] ?? "").split(",").filter((name) => name !== "")),
  }
}

/** The SNS topic that is told of appends, if any. */
export function newsTopicArn(environment: Environment): string | undefined {
  return environment["STRATALOG_NEWS_TOPIC"] || undefined
}

/** The SNS topic to which upkeep listens, if any. */
export function nudgesTopicArn(environment: Environment): string | undefined {
  return environment["STRATALOG_NUDGES_TOPIC"] || undefined
}

/** What figures for CloudWatch say of the function; undefined where nobody asked for them. */
export function figuresOptions(
  environment: Environment,
): Pick<FunctionFiguresOptions, "deployment" | "name" | "memoryMiB"> | undefined {
  const kind = environment["STRATALOG_METRICS"] || undefined
  if (kind === undefined) return undefined
  if (kind !== "emf")
    throw new Error(`The environment variable STRATALOG_METRICS is ${kind}: it must be emf, or absent.`)
  return {
    deployment: required(environment, "STRATALOG_DEPLOYMENT"),
    name: required(environment, "STRATALOG_FUNCTION"),
    memoryMiB: Number(required(environment, "AWS_LAMBDA_FUNCTION_MEMORY_SIZE")),
  }
}

/** The name of the stack, where somebody asked for figures of upkeep. */
export function deployment(environment: Environment): string | undefined {
  return environment["STRATALOG_DEPLOYMENT"] || undefined
}

/** How upkeep differs from what it does by default. */
export function upkeepSettings(environment: Environment): { readonly minTierAgeMs?: number } {
  return setting("minTierAgeMs", count(environment, "STRATALOG_MIN_TIER_AGE_MS", 0))
}

function setting<Name extends string>(name: Name, value: number | undefined): { readonly [K in Name]?: number } {
  const found: { [K in Name]?: number } = {}
  if (value !== undefined) found[name] = value
  return found
}

function required(environment: Environment, name: string): string {
  const value = environment[name]
  if (!value) throw new Error(`The environment variable ${name} is missing.`)
  return value
}

function oneOf<T extends string>(environment: Environment, name: string, choices: readonly T[], otherwise?: T): T {
  const given = environment[name] || otherwise
  const choice = choices.find((each) => each === given)
  if (choice === undefined) throw new Error(`The environment variable ${name} has to be ${choices.join(" or ")}.`)
  return choice
}

function count(environment: Environment, name: string, least: number): number | undefined {
  const text = environment[name]
  if (!text) return undefined
  const value = Number(text)
  if (Number.isSafeInteger(value) && value >= least) return value
  throw new Error(`The environment variable ${name} is ${text}: it must be an integer of ${least} or more.`)
}
