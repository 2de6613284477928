/** The front doors as templates. */
import { Stack } from "aws-cdk-lib"
import { Match, Template } from "aws-cdk-lib/assertions"
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam"
import { describe, expect, it } from "vitest"
import { cors } from "../../functions/http/cors.ts"
import { ALLOWED_HEADERS, EXPOSED_HEADERS, PREFLIGHT_SECONDS } from "../../infra/front-door/cors.ts"
import { restResources } from "../../infra/front-door/rest-resources.ts"
import { OTHERWISE, PREFLIGHTS, routes } from "../../infra/front-door/routes.ts"
import { StratalogService, StratalogStorage } from "../../infra/index.ts"
import { synthesize, unbundledApp } from "./synthesize.ts"

const ORIGIN = "https://app.example.com"
const domain = { domainName: "api.example.com", certificateArn: "arn:aws:acm:eu-west-1:111122223333:certificate/abc" }
const zone = { hostedZoneId: "Z1", hostedZoneName: "example.com" }

const serviceOf = (context: Readonly<Record<string, unknown>>) => synthesize(context).service

/** The name of a function's resource, less its hash: `ServiceFetch` -> fetch. */
const concernOf = (name: string) => /^Service(Produce|Fetch|Poll|Admin|Api)/.exec(name)?.[1]?.toLowerCase()

/** `POST /v1/produce` -> [the function it leads to, how it is authorized]. */
function httpRoutes(template: Template): ReadonlyMap<string, readonly [string | undefined, string]> {
  const integrations = template.findResources("AWS::ApiGatewayV2::Integration")
  const found = Object.values(template.findResources("AWS::ApiGatewayV2::Route")).map(({ Properties }) => {
    const integration = integrations[Properties.Target["Fn::Join"][1][1].Ref]
    const to = concernOf(integration?.["Properties"].IntegrationUri["Fn::GetAtt"][0])
    return [Properties.RouteKey, [to, Properties.AuthorizationType]] as const
  })
  return new Map(found)
}

/** `POST /v1/produce` -> the same, of a REST API. */
function restMethods(template: Template): ReadonlyMap<string, readonly [string | undefined, string]> {
  const resources = template.findResources("AWS::ApiGateway::Resource")
  const pathOf = (id: { Ref?: string }): string => {
    const resource = resources[id.Ref ?? ""]?.["Properties"]
    return resource === undefined ? "" : `${pathOf(resource.ParentId)}/${resource.PathPart}`
  }
  const found = Object.values(template.findResources("AWS::ApiGateway::Method")).map(({ Properties }) => {
    const uri = Properties.Integration.Uri["Fn::Join"][1].find((part: object | string) =>
      JSON.stringify(part).includes("GetAtt"),
    )
    const key = `${Properties.HttpMethod} ${pathOf(Properties.ResourceId) || "/"}`
    return [key, [concernOf(uri["Fn::GetAtt"][0]), Properties.AuthorizationType]] as const
  })
  return new Map(found)
}

describe("the HTTP API, the front door by default", () => {
  const template = serviceOf({})
  const expected = routes.flatMap(({ methods, path, to }) =>
    methods.map((method) => [`${method} ${path}`, [to, "AWS_IAM"]] as const),
  )

  it("has the routes of the table and lets in who signs", () => {
    const others = ["$default", "ANY /{proxy+}"].map((key) => [key, [OTHERWISE, "AWS_IAM"]] as const)
    expect(httpRoutes(template)).toEqual(new Map([...expected, ...others]))
    template.resourceCountIs("AWS::Lambda::Url", 0)
  })

  it("is open to everybody by name only", () => {
    const authorizations = [...httpRoutes(serviceOf({ auth: "none" })).values()].map(
      ([, authorization]) => authorization,
    )
    expect(new Set(authorizations)).toEqual(new Set(["NONE"]))
  })

  it("sends events of format 2.0, and every function may be called by the routes that lead to it", () => {
    template.allResourcesProperties("AWS::ApiGatewayV2::Integration", {
      PayloadFormatVersion: "2.0",
      TimeoutInMillis: Match.absent(),
    })
    const permissions = Object.values(template.findResources("AWS::Lambda::Permission"))
      .filter(({ Properties }) => Properties.Principal === "apigateway.amazonaws.com")
      .map(({ Properties }) => [
        concernOf(Properties.FunctionName["Fn::GetAtt"][0]),
        Properties.SourceArn["Fn::Join"][1].at(-1),
      ])
    // `$default` has neither method nor path: a pattern with three parts would leave it out.
    expect(permissions.toSorted()).toEqual([
      ["admin", "/*/*"],
      ["admin", "/*/*/{proxy+}"],
      ["fetch", "/*/*/*"],
      ["poll", "/*/*/*"],
      ["produce", "/*/*/*"],
    ])
  })

  it("deploys each change, and writes a line of JSON for each request, without headers and queries", () => {
    template.hasResourceProperties("AWS::ApiGatewayV2::Stage", {
      StageName: "$default",
      AutoDeploy: true,
      AccessLogSettings: Match.objectLike({
        DestinationArn: { "Fn::GetAtt": [Match.stringLikeRegexp("AccessLogs"), "Arn"] },
      }),
      DefaultRouteSettings: Match.absent(),
    })
    const [stage] = Object.values(template.findResources("AWS::ApiGatewayV2::Stage"))
    const line = JSON.parse(stage?.["Properties"].AccessLogSettings.Format)
    expect(line).toMatchObject({ route: "$context.routeKey", status: "$context.status", path: "$context.path" })
    expect(JSON.stringify(line)).not.toMatch(/header|query|authorizer/i)
    const silent = serviceOf({ accessLogs: "false" })
    silent.hasResourceProperties("AWS::ApiGatewayV2::Stage", { AccessLogSettings: Match.absent() })
  })

  it("limits requests where it is told to", () => {
    serviceOf({ throttleRate: "100", throttleBurst: 50 }).hasResourceProperties("AWS::ApiGatewayV2::Stage", {
      DefaultRouteSettings: { ThrottlingRateLimit: 100, ThrottlingBurstLimit: 50 },
    })
  })

  it("leaves the log of a deployment that is thrown away to nobody", () => {
    const logGroups = Object.values(serviceOf({ throwAway: "true" }).findResources("AWS::Logs::LogGroup"))
    expect(logGroups.length).toBeGreaterThan(5)
    for (const { DeletionPolicy } of logGroups) expect(DeletionPolicy).toBe("Delete")
  })
})

describe("a function URL", () => {
  const template = serviceOf({ frontDoor: "function-url" })

  it("is one function's, which answers everything", () => {
    template.hasResourceProperties("AWS::Lambda::Url", {
      AuthType: "AWS_IAM",
      InvokeMode: "BUFFERED",
      Cors: Match.absent(),
    })
    template.resourceCountIs("AWS::ApiGatewayV2::Api", 0)
    const names = Object.keys(template.findResources("AWS::Lambda::Function"))
    expect(names.map(concernOf).filter((name) => name !== undefined)).toEqual(["api"])
  })

  it("open to everybody, has both permissions that it needs for that", () => {
    const open = serviceOf({ frontDoor: "function-url", auth: "none" })
    open.hasResourceProperties("AWS::Lambda::Permission", { Principal: "*", FunctionUrlAuthType: "NONE" })
    open.hasResourceProperties("AWS::Lambda::Permission", { Principal: "*", InvokedViaFunctionUrl: true })
  })
})

describe("a REST API", () => {
  const template = serviceOf({ frontDoor: "rest-api" })
  const expected = restResources().flatMap(({ path, methods }) => [
    ...[...methods].map(([method, to]) => [`${method} ${path}`, [to, "AWS_IAM"]] as const),
    [`ANY ${path}`, [OTHERWISE, "AWS_IAM"]] as const,
  ])

  it("has the routes of the table, and for every resource all other methods", () => {
    expect(restMethods(template)).toEqual(new Map(expected))
  })

  it("passes bytes on as they are, below its stage", () => {
    template.hasResourceProperties("AWS::ApiGateway::RestApi", { BinaryMediaTypes: Match.arrayWith(["*/*"]) })
    template.hasResourceProperties("AWS::ApiGateway::Stage", { StageName: "live", MethodSettings: Match.absent() })
  })

  it("limits requests where it is told to", () => {
    serviceOf({ frontDoor: "rest-api", throttleRate: 100, throttleBurst: 50 }).hasResourceProperties(
      "AWS::ApiGateway::Stage",
      { MethodSettings: [Match.objectLike({ ThrottlingRateLimit: 100, ThrottlingBurstLimit: 50 })] },
    )
  })
})

describe("pages of other origins", () => {
  const environmentsOf = (template: Template) =>
    Object.entries(template.findResources("AWS::Lambda::Function")).flatMap(([name, { Properties }]) => {
      const concern = concernOf(name)
      return concern === undefined ? [] : [[concern, Properties.Environment.Variables.STRATALOG_CORS_ORIGINS]]
    })

  it.each(["http-api", "rest-api"])("are let in by the functions behind %s", (frontDoor) => {
    const environments = environmentsOf(serviceOf({ frontDoor, corsOrigins: [ORIGIN, "https://b.example.com"] }))
    const both = `${ORIGIN},https://b.example.com`
    expect(Object.fromEntries(environments)).toEqual({ produce: both, fetch: both, poll: both, admin: both })
  })

  it("ask an HTTP API without a signature, and nothing else goes without one", () => {
    const found = httpRoutes(serviceOf({ corsOrigins: ORIGIN }))
    const open = [...found].filter(([, [, authorization]]) => authorization === "NONE")
    expect(open).toEqual([[`OPTIONS ${PREFLIGHTS.path}`, [PREFLIGHTS.to, "NONE"]]])
    serviceOf({ corsOrigins: ORIGIN }).hasResourceProperties("AWS::ApiGatewayV2::Api", {
      CorsConfiguration: Match.absent(),
    })
  })

  it("ask a REST API without a signature at every resource", () => {
    const found = restMethods(serviceOf({ frontDoor: "rest-api", corsOrigins: ORIGIN }))
    const open = [...found].filter(([, [, authorization]]) => authorization === "NONE").map(([key]) => key)
    expect(open.toSorted()).toEqual(
      restResources()
        .map(({ path }) => `OPTIONS ${path}`)
        .toSorted(),
    )
  })

  it("are let in by a function URL itself, and not a second time by the function", () => {
    const template = serviceOf({ frontDoor: "function-url", corsOrigins: ORIGIN })
    template.hasResourceProperties("AWS::Lambda::Url", {
      Cors: {
        AllowOrigins: [ORIGIN],
        AllowMethods: ["*"],
        AllowHeaders: ALLOWED_HEADERS,
        ExposeHeaders: EXPOSED_HEADERS,
        MaxAge: PREFLIGHT_SECONDS,
      },
    })
    expect(environmentsOf(template)).toEqual([["api", undefined]])
  })

  it("may send and read the same whoever answers", () => {
    const own = cors([ORIGIN])
    expect(own.preflight(ORIGIN, ["GET"])).toMatchObject({
      "access-control-allow-headers": ALLOWED_HEADERS.join(", "),
      "access-control-max-age": `${PREFLIGHT_SECONDS}`,
    })
    expect(own.answer(ORIGIN)).toMatchObject({ "access-control-expose-headers": EXPOSED_HEADERS.join(", ") })
  })
})

describe("a domain of one's own", () => {
  const urlOf = (template: Template) => template.findOutputs("Url")["Url"]?.["Value"]

  it("leads to an HTTP API, whose other address is switched off", () => {
    const template = serviceOf(domain)
    template.hasResourceProperties("AWS::ApiGatewayV2::DomainName", {
      DomainName: domain.domainName,
      DomainNameConfigurations: [
        { CertificateArn: domain.certificateArn, EndpointType: "REGIONAL", SecurityPolicy: "TLS_1_2" },
      ],
    })
    template.hasResourceProperties("AWS::ApiGatewayV2::ApiMapping", {
      ApiMappingKey: Match.absent(),
      Stage: "$default",
    })
    template.hasResourceProperties("AWS::ApiGatewayV2::Api", { DisableExecuteApiEndpoint: true })
    template.resourceCountIs("AWS::Route53::RecordSet", 0)
    expect(urlOf(template)).toBe("https://api.example.com/")
    expect(Object.keys(template.findOutputs("DomainTarget"))).toEqual(["DomainTarget"])
  })

  it("may hold more than this below other paths", () => {
    const template = serviceOf({ ...domain, basePath: "log" })
    template.hasResourceProperties("AWS::ApiGatewayV2::ApiMapping", { ApiMappingKey: "log" })
    expect(urlOf(template)).toBe("https://api.example.com/log/")
    template.hasResourceProperties("AWS::Lambda::Function", {
      Environment: { Variables: Match.objectLike({ STRATALOG_BASE_PATH: "log" }) },
    })
  })

  it("leads to a REST API", () => {
    const template = serviceOf({ ...domain, ...zone, basePath: "log", frontDoor: "rest-api" })
    template.hasResourceProperties("AWS::ApiGateway::DomainName", {
      DomainName: domain.domainName,
      SecurityPolicy: "TLS_1_2",
    })
    template.hasResourceProperties("AWS::ApiGateway::BasePathMapping", { BasePath: "log" })
    template.hasResourceProperties("AWS::ApiGateway::RestApi", { DisableExecuteApiEndpoint: true })
    template.resourceCountIs("AWS::Route53::RecordSet", 1)
    expect(urlOf(template)).toBe("https://api.example.com/log/")
  })

  it("is made in a zone of Route 53 where one is named", () => {
    serviceOf({ ...domain, ...zone }).hasResourceProperties("AWS::Route53::RecordSet", {
      Name: "api.example.com.",
      Type: "A",
      HostedZoneId: "Z1",
      AliasTarget: Match.objectLike({}),
    })
  })
})

describe("leave to call", () => {
  it.each([
    ["http-api", "execute-api:Invoke"],
    ["rest-api", "execute-api:Invoke"],
    ["function-url", "lambda:InvokeFunctionUrl"],
  ] as const)("is granted for %s", (frontDoor, action) => {
    const stack = new Stack(unbundledApp(), "Stack")
    const storage = new StratalogStorage(stack, "Storage")
    const service = new StratalogService(stack, "Log", { storage, frontDoor })
    const caller = new Role(stack, "Caller", { assumedBy: new ServicePrincipal("ec2.amazonaws.com") })
    service.frontDoor.grantCalls(caller)
    Template.fromStack(stack).hasResourceProperties("AWS::IAM::Policy", {
      Roles: [{ Ref: Match.stringLikeRegexp("^Caller") }],
      PolicyDocument: { Statement: Match.arrayWith([Match.objectLike({ Effect: "Allow", Action: action })]) },
    })
  })
})

describe("settings that do not go together", () => {
  it.each<[Readonly<Record<string, unknown>>, string]>([
    [{ domainName: "log.example.com" }, "needs a certificateArn"],
    [{ basePath: "log" }, "basePath goes with a domainName"],
    [{ ...domain, basePath: "v1" }, "basePath: v1"],
    [{ ...domain, basePath: "a/b" }, "basePath: a/b"],
    [{ ...domain, hostedZoneId: "Z1" }, "go together"],
    [{ ...domain, frontDoor: "function-url" }, "takes no domainName"],
    [{ throttleRate: 10 }, "go together"],
    [{ throttleRate: 10, throttleBurst: 10, frontDoor: "function-url" }, "no throttleRate"],
    [{ throttleRate: "-1", throttleBurst: 10 }, "-c throttleRate=-1"],
    [{ accessLogs: true, frontDoor: "rest-api" }, "writes none"],
    [{ corsOrigins: "app.example.com" }, "is no origin"],
    [{ corsOrigins: [1] }, "-c corsOrigins=1"],
  ])("are refused: %j", (context, sentence) => {
    expect(() => serviceOf(context)).toThrow(sentence)
  })
})
