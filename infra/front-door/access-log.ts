/** A line of JSON for each request of an HTTP API. */
import { RemovalPolicy } from "aws-cdk-lib"
import { AccessLogFormat } from "aws-cdk-lib/aws-apigateway"
import { type IAccessLogSettings, LogGroupLogDestination } from "aws-cdk-lib/aws-apigatewayv2"
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs"
import type { Construct } from "constructs"

/** No header and no query: nothing that a caller may keep secret. */
const FIELDS = {
  time: "$context.requestTimeEpoch",
  requestId: "$context.requestId",
  ip: "$context.identity.sourceIp",
  caller: "$context.identity.userArn",
  method: "$context.httpMethod",
  path: "$context.path",
  route: "$context.routeKey",
  status: "$context.status",
  bytes: "$context.responseLength",
  milliseconds: "$context.responseLatency",
  functionMilliseconds: "$context.integrationLatency",
  error: "$context.integrationErrorMessage",
}

export function accessLog(scope: Construct, throwAway: boolean): IAccessLogSettings {
  const logGroup = new LogGroup(scope, "AccessLogs", {
    retention: RetentionDays.ONE_MONTH,
    removalPolicy: throwAway ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN,
  })
  return {
    destination: new LogGroupLogDestination(logGroup),
    format: AccessLogFormat.custom(JSON.stringify(FIELDS)),
  }
}
