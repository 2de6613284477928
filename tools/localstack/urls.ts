/** Where a deployment on LocalStack is reached, from what the stack tells. */

export interface Deployed {
  /** Without a slash at its end. */
  readonly api: string
  readonly table: string
  readonly bucket: string
  /** The SNS topic that hears of appends, where the deployment has one. */
  readonly newsTopic?: string
  /** The function that makes the first API key, where callers need keys. */
  readonly keyMaker?: string
}

/** `outputs`: what the CDK's `--outputs-file` holds. The host of a REST API's URL begins with the API's id. */
export function localStackUrls(outputs: unknown, endpoint: string): Deployed {
  const { Url, TableName, BucketName, NewsTopicArn, FirstKey } = outputsOf(outputs)
  const { hostname, pathname } = new URL(String(Url))
  const [id = ""] = hostname.split(".")
  const stage = pathname.replace(/\/$/, "")
  return {
    api: `${endpoint}/_aws/execute-api/${id}${stage}`,
    table: String(TableName),
    bucket: String(BucketName),
    ...(NewsTopicArn !== undefined && { newsTopic: String(NewsTopicArn) }),
    ...keyMakerIn(FirstKey),
  }
}

/** The output is a line for a shell. */
function keyMakerIn(firstKey: unknown): Pick<Deployed, "keyMaker"> {
  const [, keyMaker] = /--function-name (\S+)/.exec(String(firstKey)) ?? []
  return keyMaker === undefined ? {} : { keyMaker }
}

function outputsOf(outputs: unknown): Readonly<Record<string, unknown>> {
  const stack =
    typeof outputs === "object" && outputs !== null && "Stratalog" in outputs ? outputs.Stratalog : undefined
  if (typeof stack !== "object" || stack === null)
    throw new Error("The deployment told nothing of the stack Stratalog.")
  return { ...stack }
}
