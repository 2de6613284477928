/** What a function is told by its environment; the stack sets it. */

export interface FunctionSettings {
  readonly table: string
  readonly bucket: string
  readonly version: string
  readonly corsOrigins: readonly string[]
  /** Where S3 is, if not at AWS. */
  readonly s3Endpoint?: string
  /** The SNS topic that is told of appends, if any. */
  readonly newsTopicArn?: string
}

type Environment = Readonly<Record<string, string | undefined>>

/** Throws where something is missing: a function that cannot work should not come up. */
export function functionSettings(environment: Environment): FunctionSettings {
  const newsTopicArn = environment["STRATALOG_NEWS_TOPIC"]
  const s3Endpoint = environment["AWS_ENDPOINT_URL_S3"] || environment["AWS_ENDPOINT_URL"]
  return {
    table: required(environment, "STRATALOG_TABLE"),
    bucket: required(environment, "STRATALOG_BUCKET"),
    version: required(environment, "STRATALOG_VERSION"),
    corsOrigins: (environment["STRATALOG_CORS_ORIGINS"] ?? "").split(",").filter((origin) => origin !== ""),
    ...(s3Endpoint && { s3Endpoint }),
    ...(newsTopicArn && { newsTopicArn }),
  }
}

function required(environment: Environment, name: string): string {
  const value = environment[name]
  if (!value) throw new Error(`The environment variable ${name} is missing.`)
  return value
}
