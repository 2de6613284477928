/** Where requests come in. */
import { AuthorizationType, EndpointType, LambdaRestApi } from "aws-cdk-lib/aws-apigateway"
import { FunctionUrlAuthType, type Function as LambdaFn } from "aws-cdk-lib/aws-lambda"
import type { Construct } from "constructs"
import type { DeploymentSettings } from "./settings.ts"

/** Accepted types that LocalStack sends on as they are only where they are named. */
const NAMED_TYPES = [
  "application/vnd.kafka.record-batch",
  "application/vnd.stratalog.poll",
  "application/json",
  "image/*",
]

/**
 * The URL. A function URL costs nothing beside the function. A REST API is for where function URLs cannot be reached:
 * LocalStack serves it under a plain path, while its function URLs have host names that few clients resolve.
 */
export function openFrontDoor(scope: Construct, api: LambdaFn, { auth, frontDoor }: DeploymentSettings): string {
  return frontDoor === "rest-api" ? restApi(scope, api, auth) : functionUrl(api, auth)
}

function functionUrl(api: LambdaFn, auth: DeploymentSettings["auth"]): string {
  const authType = auth === "none" ? FunctionUrlAuthType.NONE : FunctionUrlAuthType.AWS_IAM
  return api.addFunctionUrl({ authType }).url
}

function restApi(scope: Construct, handler: LambdaFn, auth: DeploymentSettings["auth"]): string {
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
