import { AuthorizationType, EndpointType, LambdaRestApi } from "aws-cdk-lib/aws-apigateway"
import type { Function as LambdaFn } from "aws-cdk-lib/aws-lambda"
import type { Construct } from "constructs"

/** Accepted types that LocalStack sends on as they are only where they are named. */
const NAMED_TYPES = [
  "application/vnd.kafka.record-batch",
  "application/vnd.stratalog.poll",
  "application/json",
  "image/*",
]

export function openRestApi(scope: Construct, handler: LambdaFn, auth: "iam" | "none"): string {
  const rest = new LambdaRestApi(scope, "RestApi", {
    handler,
    cloudWatchRole: false,
    deployOptions: { stageName: "live" },
    endpointTypes: [EndpointType.REGIONAL],
    // Every body comes as base64 and may go as base64. LocalStack wants the types by name.
    binaryMediaTypes: ["*/*", ...NAMED_TYPES],
    defaultMethodOptions: { authorizationType: auth === "none" ? AuthorizationType.NONE : AuthorizationType.IAM },
  })
  return rest.url
}
