/** What API Gateway and Lambda count of a front door, for nothing. */
import { Duration } from "aws-cdk-lib"
import type { RestApi } from "aws-cdk-lib/aws-apigateway"
import type { HttpApi } from "aws-cdk-lib/aws-apigatewayv2"
import { Metric } from "aws-cdk-lib/aws-cloudwatch"
import type { Function as LambdaFn } from "aws-cdk-lib/aws-lambda"

export interface DoorMetrics {
  readonly requests: Metric
  /** 4xx. */
  readonly clientErrors: Metric
  /** 5xx. */
  readonly serverErrors: Metric
  /** Milliseconds, 99th percentile. */
  readonly latency: Metric
}

const PERIOD = Duration.minutes(5)

export function httpApiMetrics({ apiId }: Pick<HttpApi, "apiId">): DoorMetrics {
  return metricsOf("AWS/ApiGateway", { ApiId: apiId }, ["Count", "4xx", "5xx", "Latency"])
}

/** By name, as API Gateway counts them: APIs of one name in one account are counted together. */
export function restApiMetrics({ restApiName }: Pick<RestApi, "restApiName">, stage: string): DoorMetrics {
  const dimensions = { ApiName: restApiName, Stage: stage }
  return metricsOf("AWS/ApiGateway", dimensions, ["Count", "4XXError", "5XXError", "Latency"])
}

export function functionUrlMetrics({ functionName }: Pick<LambdaFn, "functionName">): DoorMetrics {
  const names = ["UrlRequestCount", "Url4xxCount", "Url5xxCount", "UrlRequestLatency"] as const
  return metricsOf("AWS/Lambda", { FunctionName: functionName }, names)
}

function metricsOf(
  namespace: string,
  dimensionsMap: Readonly<Record<string, string>>,
  [requests, clientErrors, serverErrors, latency]: readonly [string, string, string, string],
): DoorMetrics {
  const of = (metricName: string, statistic = "Sum") =>
    new Metric({ namespace, metricName, dimensionsMap: { ...dimensionsMap }, statistic, period: PERIOD })
  return {
    requests: of(requests),
    clientErrors: of(clientErrors),
    serverErrors: of(serverErrors),
    latency: of(latency, "p99"),
  }
}
