/** A line to try a deployment with, in a shell that has what callers need: an account's credentials, or a key. */
import type { AccessSettings } from "./access.ts"

export interface FirstCall {
  /** Ends in a slash. */
  readonly url: string
  readonly region: string
  readonly auth: NonNullable<AccessSettings["auth"]>
  /** The service that signatures are for: API Gateway's, or Lambda's for its function URLs. */
  readonly service: "execute-api" | "lambda"
}

export function firstCall({ url, region, auth, service }: FirstCall): string {
  const call = `-X PUT ${url}v1/topics/orders --json '{"partitions":3}'`
  if (auth === "none") return `curl ${call}`
  if (auth === "key") return `curl -H "Authorization: Bearer $STRATALOG_API_KEY" ${call}`
  const signed = `--aws-sigv4 aws:amz:${region}:${service} --user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"`
  return `curl ${signed} -H "x-amz-security-token: $AWS_SESSION_TOKEN" ${call}`
}

/**
 * A line that makes the first API key, of a super-user, and shows it. IAM says who may call the function so.
 */
export function firstKey(functionName: string, region: string): string {
  const payload = `--cli-binary-format raw-in-base64-out --payload '{"firstKey":{}}'`
  return `aws lambda invoke --function-name ${functionName} --region ${region} ${payload} /dev/stdout`
}
