/** A REST API of API Gateway with the same routes. */
import { AuthorizationType, EndpointType, type IResource, LambdaIntegration, RestApi } from "aws-cdk-lib/aws-apigateway"
import type { Construct } from "constructs"
import { breakRule } from "../broken-rules.ts"
import { grantCallsOf } from "./calls.ts"
import { restApiDomain } from "./domain.ts"
import { restApiMetrics } from "./metrics.ts"
import { type DoorProps, type FrontDoor, type HandlersByConcern, whyUnsigned } from "./open.ts"
import { restResources } from "./rest-resources.ts"
import { OTHERWISE, PREFLIGHTS, UNSIGNED_PREFLIGHTS } from "./routes.ts"

/** The first part of every path, for who comes by the address that AWS gives. */
const STAGE = "live"

/** Accepted types that LocalStack sends on as they are only where they are named. */
const NAMED_TYPES = [
  "application/vnd.kafka.record-batch",
  "application/vnd.stratalog.poll",
  "application/json",
  "image/*",
]

export function openRestApi(scope: Construct, handlers: HandlersByConcern, settings: DoorProps): FrontDoor {
  const { name, signed, throttleRate, throttleBurst, domainName } = settings
  const api = new RestApi(scope, "RestApi", {
    restApiName: name,
    description: "Stratalog: a serverless event log",
    cloudWatchRole: false,
    endpointTypes: [EndpointType.REGIONAL],
    deployOptions: {
      stageName: STAGE,
      ...(throttleRate !== undefined && { throttlingRateLimit: throttleRate }),
      ...(throttleBurst !== undefined && { throttlingBurstLimit: throttleBurst }),
    },
    // Every body comes as base64 and may go as base64. LocalStack wants the types by name.
    binaryMediaTypes: ["*/*", ...NAMED_TYPES],
    defaultMethodOptions: { authorizationType: signed ? AuthorizationType.IAM : AuthorizationType.NONE },
    disableExecuteApiEndpoint: domainName !== undefined,
  })
  breakRules(api, settings)
  addResources(api, handlers, settings)
  const domain = restApiDomain(scope, api, settings)
  return {
    url: domain?.url ?? api.url,
    ...(domain !== undefined && { domainTarget: domain.target }),
    metrics: restApiMetrics(api, STAGE),
    grantCalls: grantCallsOf(scope, api.restApiId, STAGE),
  }
}

function breakRules(api: RestApi, settings: DoorProps): void {
  const logs = "CloudWatch would need a role of the whole account, which is not one stack's to set. The functions log."
  breakRule(api, "APIG1", logs)
  breakRule(api, "APIG6", logs)
  breakRule(api, "APIG2", "The application checks every request by the schemas of the API, and tells what is wrong.")
  breakRule(api, "APIG3", "Callers say who they are. Whoever opens the API to the web can put a web ACL in front.")
  breakRule(api, "COG4", "Callers are programs, with roles (SigV4) or API keys, not users of a pool.")
  if (!settings.signed) breakRule(api, "APIG4", whyUnsigned(settings))
}

function addResources(api: RestApi, handlers: HandlersByConcern, { signed, corsOrigins = [] }: DoorProps): void {
  const to = {
    produce: integrationTo(handlers.produce),
    fetch: integrationTo(handlers.fetch),
    poll: integrationTo(handlers.poll),
    admin: integrationTo(handlers.admin),
  }
  for (const { path, methods } of restResources()) {
    const resource: IResource = path === "/" ? api.root : api.root.resourceForPath(path)
    for (const [method, concern] of methods) resource.addMethod(method, to[concern])
    resource.addMethod("ANY", to[OTHERWISE])
    if (corsOrigins.length === 0 || !signed) continue
    for (const method of PREFLIGHTS.methods) {
      const preflight = resource.addMethod(method, to[PREFLIGHTS.to], { authorizationType: AuthorizationType.NONE })
      breakRule(preflight, "APIG4", UNSIGNED_PREFLIGHTS)
    }
  }
}

/** One permission for all methods: a function's policy has little room. */
function integrationTo(handler: HandlersByConcern["admin"]): LambdaIntegration {
  return new LambdaIntegration(handler, { scopePermissionToMethod: false })
}
