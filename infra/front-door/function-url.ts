/** One function behind an address that costs nothing. */
import { Duration } from "aws-cdk-lib"
import {
  FunctionUrlAuthType,
  type FunctionUrlCorsOptions,
  HttpMethod,
  InvokeMode,
  type Function as LambdaFn,
} from "aws-cdk-lib/aws-lambda"
import { isSigned } from "../access.ts"
import { ALLOWED_HEADERS, EXPOSED_HEADERS, PREFLIGHT_SECONDS } from "./cors.ts"
import { functionUrlMetrics } from "./metrics.ts"
import type { FrontDoor } from "./open.ts"
import type { FrontDoorSettings } from "./settings.ts"

export function openFunctionUrl(api: LambdaFn, settings: FrontDoorSettings): FrontDoor {
  const { corsOrigins = [] } = settings
  const url = api.addFunctionUrl({
    authType: isSigned(settings) ? FunctionUrlAuthType.AWS_IAM : FunctionUrlAuthType.NONE,
    invokeMode: InvokeMode.BUFFERED,
    ...(corsOrigins.length > 0 && { cors: corsOf(corsOrigins) }),
  })
  const grantCalls: FrontDoor["grantCalls"] = (grantee, calls) => {
    if (calls !== undefined)
      throw new Error("A function URL cannot tell calls apart: choose http-api, or grant all calls.")
    return url.grantInvokeUrl(grantee)
  }
  return { url: url.url, metrics: functionUrlMetrics(api), grantCalls }
}

/**
 * Here the URL answers preflights, as nobody can sign them, and adds the headers. The function must not: the URL sends what
 * both have, and a browser takes no header twice.
 */
function corsOf(corsOrigins: readonly string[]): FunctionUrlCorsOptions {
  return {
    allowedOrigins: [...corsOrigins],
    allowedMethods: [HttpMethod.ALL],
    allowedHeaders: [...ALLOWED_HEADERS],
    exposedHeaders: [...EXPOSED_HEADERS],
    maxAge: Duration.seconds(PREFLIGHT_SECONDS),
  }
}
