/** What a process needs that uses these: any credentials will do, and no profile of the machine. */
import { dynamoDbEndpoint } from "./dynamodb.ts"

export function awsEnvironment(s3Endpoint: string): Readonly<Record<string, string | undefined>> {
  return {
    AWS_ENDPOINT_URL_DYNAMODB: dynamoDbEndpoint(),
    AWS_ENDPOINT_URL_S3: s3Endpoint,
    AWS_REGION: process.env["AWS_REGION"] ?? "us-east-1",
    AWS_ACCESS_KEY_ID: process.env["AWS_ACCESS_KEY_ID"] ?? "test",
    AWS_SECRET_ACCESS_KEY: process.env["AWS_SECRET_ACCESS_KEY"] ?? "test",
    AWS_PROFILE: undefined,
  }
}
