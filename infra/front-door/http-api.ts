/** An HTTP API of API Gateway, which sends each request to the function of its concern. */
import {
  HttpApi,
  HttpMethod,
  HttpNoneAuthorizer,
  HttpStage,
  type IHttpRouteAuthorizer,
} from "aws-cdk-lib/aws-apigatewayv2"
import { HttpIamAuthorizer } from "aws-cdk-lib/aws-apigatewayv2-authorizers"
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations"
import type { Construct } from "constructs"
import { breakRule } from "../broken-rules.ts"
import { accessLog } from "./access-log.ts"
import { grantCallsOf } from "./calls.ts"
import { httpApiDomain } from "./domain.ts"
import { httpApiMetrics } from "./metrics.ts"
import { type DoorProps, type FrontDoor, type HandlersByConcern, whyUnsigned } from "./open.ts"
import { type Concern, OTHERWISE, OTHERWISE_WHOLE, PREFLIGHTS, routes, UNSIGNED_PREFLIGHTS } from "./routes.ts"

/** The one that is in no path. */
const STAGE = "$default"

export function openHttpApi(scope: Construct, handlers: HandlersByConcern, settings: DoorProps): FrontDoor {
  const { name, signed, corsOrigins = [], accessLogs = true, throwAway = false } = settings
  const domain = httpApiDomain(scope, settings)
  const integrations = integrationsOf(handlers)
  const open = new HttpNoneAuthorizer()
  const authorizer: IHttpRouteAuthorizer = signed ? new HttpIamAuthorizer() : open
  const api = new HttpApi(scope, "HttpApi", {
    apiName: name,
    description: "Stratalog: a serverless event log",
    createDefaultStage: false,
    defaultAuthorizer: authorizer,
    defaultIntegration: integrations[OTHERWISE],
    disableExecuteApiEndpoint: domain !== undefined,
  })
  for (const { methods, path, to } of routes) {
    api.addRoutes({ path, methods: methods.map((method) => HttpMethod[method]), integration: integrations[to] })
  }
  api.addRoutes({ path: OTHERWISE_WHOLE, methods: [HttpMethod.ANY], integration: integrations[OTHERWISE] })
  // The application answers preflights: it knows the methods of each path. API Gateway would know one list for all of them, and
  // would not answer for paths that have no route of their own.
  if (corsOrigins.length > 0 && signed) {
    const { methods, path, to } = PREFLIGHTS
    const integration = integrations[to]
    const added = { path, methods: methods.map((method) => HttpMethod[method]), integration, authorizer: open }
    for (const route of api.addRoutes(added)) breakRule(route, "APIG4", UNSIGNED_PREFLIGHTS)
  }
  if (!signed) breakRule(api, "APIG4", whyUnsigned(settings))
  const stage = new HttpStage(scope, "HttpStage", {
    httpApi: api,
    stageName: STAGE,
    autoDeploy: true,
    ...(accessLogs && { accessLogSettings: accessLog(scope, throwAway) }),
    ...throttleOf(settings),
    ...(domain !== undefined && { domainMapping: domain.mapping }),
  })
  if (!accessLogs) breakRule(stage, "APIG1", "The deployment asks for it: accessLogs is false.")
  return {
    url: domain?.url ?? stage.url,
    ...(domain !== undefined && { domainTarget: domain.target }),
    metrics: httpApiMetrics(api),
    grantCalls: grantCallsOf(scope, api.apiId, STAGE),
  }
}

function throttleOf({ throttleRate, throttleBurst }: DoorProps) {
  if (throttleRate === undefined || throttleBurst === undefined) return {}
  return { throttle: { rateLimit: throttleRate, burstLimit: throttleBurst } }
}

/**
 * One permission lets the API call a function by all its routes: that of `$default` covers whatever comes, the others' only
 * routes with a path.
 */
function integrationsOf(handlers: HandlersByConcern): Readonly<Record<Concern, HttpLambdaIntegration>> {
  const of = (concern: Concern) =>
    new HttpLambdaIntegration(concern, handlers[concern], { scopePermissionToRoute: concern === OTHERWISE })
  return { produce: of("produce"), fetch: of("fetch"), poll: of("poll"), admin: of("admin") }
}
