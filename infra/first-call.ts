/** A line to try a deployment with, in a shell that has an account's credentials where callers have to sign. */

export interface FirstCall {
  /** Ends in a slash. */
  readonly url: string
  readonly region: string
  readonly auth: "iam" | "none"
  /** The service that signatures are for: API Gateway's, or Lambda's for its function URLs. */
  readonly service: "execute-api" | "lambda"
}

export function firstCall({ url, region, auth, service }: FirstCall): string {
  const call = `-X PUT ${url}v1/topics/orders --json '{"partitions":3}'`
  if (auth === "none") return `curl ${call}`
  const signed = `--aws-sigv4 aws:amz:${region}:${service} --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"`
  return `curl ${signed} -H "x-amz-security-token: $AWS_SESSION_TOKEN" ${call}`
}
