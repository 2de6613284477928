import type { AwsCredentials } from "./signed-fetch.ts"

/**
 * The credentials in these variables, as AWS Lambda sets them: `environmentCredentials(process.env)`. They are looked at before
 * each request. Throws then where there are none.
 */
export function environmentCredentials(env: Readonly<Record<string, string | undefined>>): () => AwsCredentials {
  return () => {
    const {
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
    } = env
    if (!accessKeyId || !secretAccessKey) throw new Error("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set.")
    return { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) }
  }
}
