/** A name of one's own in front of API Gateway. */
import * as rest from "aws-cdk-lib/aws-apigateway"
import * as http from "aws-cdk-lib/aws-apigatewayv2"
import { Certificate } from "aws-cdk-lib/aws-certificatemanager"
import { ARecord, HostedZone, type IAliasRecordTarget, RecordTarget } from "aws-cdk-lib/aws-route53"
import { ApiGatewayDomain, ApiGatewayv2DomainProperties } from "aws-cdk-lib/aws-route53-targets"
import type { Construct } from "constructs"
import type { DomainSettings } from "./settings.ts"

export interface HttpApiDomain {
  readonly url: string
  /** What the name is to be pointed to. */
  readonly target: string
  readonly mapping: http.DomainMappingOptions
}

export function httpApiDomain(scope: Construct, settings: DomainSettings): HttpApiDomain | undefined {
  const { domainName, basePath } = settings
  if (domainName === undefined) return undefined
  const domain = new http.DomainName(scope, "Domain", {
    domainName,
    certificate: certificateOf(scope, settings),
    securityPolicy: http.SecurityPolicy.TLS_1_2,
  })
  const { regionalDomainName, regionalHostedZoneId } = domain
  pointTo(scope, settings, new ApiGatewayv2DomainProperties(regionalDomainName, regionalHostedZoneId))
  return {
    url: urlOf(domainName, basePath),
    target: regionalDomainName,
    mapping: { domainName: domain, ...(basePath !== undefined && { mappingKey: basePath }) },
  }
}

export interface RestApiDomain {
  readonly url: string
  readonly target: string
}

export function restApiDomain(
  scope: Construct,
  api: rest.RestApi,
  settings: DomainSettings,
): RestApiDomain | undefined {
  const { domainName, basePath } = settings
  if (domainName === undefined) return undefined
  const domain = api.addDomainName("Domain", {
    domainName,
    certificate: certificateOf(scope, settings),
    securityPolicy: rest.SecurityPolicy.TLS_1_2,
    endpointType: rest.EndpointType.REGIONAL,
    ...(basePath !== undefined && { basePath }),
  })
  pointTo(scope, settings, new ApiGatewayDomain(domain))
  return { url: urlOf(domainName, basePath), target: domain.domainNameAliasDomainName }
}

function urlOf(domainName: string, basePath: string | undefined): string {
  return `https://${domainName}/${basePath === undefined ? "" : `${basePath}/`}`
}

function certificateOf(scope: Construct, { certificateArn = "" }: DomainSettings) {
  return Certificate.fromCertificateArn(scope, "Certificate", certificateArn)
}

function pointTo(scope: Construct, settings: DomainSettings, target: IAliasRecordTarget): void {
  const { domainName, hostedZoneId, hostedZoneName } = settings
  if (domainName === undefined || hostedZoneId === undefined || hostedZoneName === undefined) return
  const zone = HostedZone.fromHostedZoneAttributes(scope, "Zone", { hostedZoneId, zoneName: hostedZoneName })
  // With the dot at its end it is a whole name, whatever the zone's is.
  new ARecord(scope, "Address", { zone, recordName: `${domainName}.`, target: RecordTarget.fromAlias(target) })
}
