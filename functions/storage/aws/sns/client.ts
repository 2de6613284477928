import { SNSClient } from "@aws-sdk/client-sns"

export interface SnsOptions {
  /** Absent: AWS's own, or what AWS_ENDPOINT_URL_SNS says (the SDK reads it). */
  readonly endpoint?: string
  readonly region?: string
  /** Absent: the SDK's default chain (a role in Lambda, a profile elsewhere). */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string }
}

/** An append waits for it, so it is given up early: the schedule of who consumes makes up for it. */
const TIMEOUT_MS = 1_000

export function createSnsClient(options: SnsOptions): SNSClient {
  return new SNSClient({
    ...options,
    maxAttempts: 2,
    requestHandler: { connectionTimeout: TIMEOUT_MS, requestTimeout: TIMEOUT_MS, throwOnRequestTimeout: true },
  })
}
