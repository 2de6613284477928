/** Who may call a deployment, as templates. */
import { Stack } from "aws-cdk-lib"
import { Annotations, Match, type Template } from "aws-cdk-lib/assertions"
import { Role, ServicePrincipal } from "aws-cdk-lib/aws-iam"
import { describe, expect, it } from "vitest"
import { Stratalog } from "../../infra/index.ts"
import { settingsOf } from "../../infra/settings.ts"
import { stratalogStacks } from "../../infra/stacks.ts"
import { synthesize, unbundledApp } from "./synthesize.ts"

type Context = Readonly<Record<string, unknown>>

const serviceOf = (context: Context) => synthesize(context).service

const outputsOf = (template: Template) =>
  Object.fromEntries(
    Object.entries(template.findOutputs("*")).map(([name, { Value }]) => [name, JSON.stringify(Value)]),
  )

/** How each of API Gateway's APIs asks who calls: by the name of its resource, without the hash. */
function authorizations(template: Template): Readonly<Record<string, readonly string[]>> {
  const found = new Map<string, Set<string>>()
  const routes = [
    ...Object.values(template.findResources("AWS::ApiGatewayV2::Route")).map(({ Properties }) => [
      Properties.ApiId.Ref,
      Properties.AuthorizationType,
    ]),
    ...Object.values(template.findResources("AWS::ApiGateway::Method")).map(({ Properties }) => [
      Properties.RestApiId.Ref,
      Properties.AuthorizationType,
    ]),
  ]
  for (const [api, authorization] of routes) {
    const name = String(api).replace(/[0-9A-F]{8}$/, "")
    found.set(name, (found.get(name) ?? new Set()).add(authorization))
  }
  return Object.fromEntries([...found].map(([name, each]) => [name, [...each]]))
}

/** Of the functions that answer, by the first letters of their names. */
function told(template: Template, variable: string): Readonly<Record<string, string | undefined>> {
  return Object.fromEntries(
    Object.entries(template.findResources("AWS::Lambda::Function")).map(([name, { Properties }]) => [
      name.replace(/^Service|[0-9A-F]{8}$/g, ""),
      Properties.Environment.Variables[variable],
    ]),
  )
}

/** The partition keys of who may do what, by function and action. */
function accessTo(template: Template): Readonly<Record<string, readonly string[]>> {
  const found = Object.entries(template.findResources("AWS::IAM::Policy")).map(([name, { Properties }]) => {
    const statements: readonly { Action: string; Condition?: Record<string, Record<string, unknown>> }[] =
      Properties.PolicyDocument.Statement
    const keys = statements.flatMap(({ Action, Condition }) => {
      const leading = [Condition?.["ForAllValues:StringLike"]?.["dynamodb:LeadingKeys"] ?? []].flat()
      return leading.filter((key) => key === "access-keys" || key === "acls").map((key) => `${Action} ${key}`)
    })
    return [name.replace(/^Service|RoleDefault.*/g, ""), keys.map((key) => key.replace("dynamodb:", "")).sort()]
  })
  return Object.fromEntries(found)
}

const warningsOf = (context: Context) => {
  const app = unbundledApp(context)
  const { service } = stratalogStacks(app, "Stratalog", settingsOf(app.node))
  return Annotations.fromStack(service)
    .findWarning("*", Match.anyValue())
    .map(({ entry }) => String(entry.data))
    .filter((warning) => warning.includes("stratalog-cdk"))
}

const READING = ["GetItem access-keys", "Query acls"]
const MANAGING = [
  "BatchWriteItem acls",
  "DeleteItem access-keys",
  "GetItem access-keys",
  "PutItem access-keys",
  "PutItem acls",
  "Query access-keys",
  "Query acls",
]

describe("callers who sign, as by default,", () => {
  it.each<[string, Context, string]>([
    ["an HTTP API", {}, "ServiceHttpApi"],
    ["a REST API", { frontDoor: "rest-api" }, "ServiceRestApi"],
  ])("come through %s that checks signatures, and no function looks up who they are", (_, context, api) => {
    const template = serviceOf(context)
    expect(authorizations(template)).toEqual({ [api]: ["AWS_IAM"] })
    expect(new Set(Object.values(accessTo(template)).flat())).toEqual(new Set())
    expect(Object.keys(outputsOf(template))).not.toContain("FirstKey")
  })

  it("are told apart by the functions where lists say what they may do", () => {
    const template = serviceOf({ iamPrincipals: "acl", superUsers: "IAM:arn:aws:iam::123456789012:role/admin" })
    expect(told(template, "STRATALOG_IAM_PRINCIPALS")).toMatchObject({ Produce: "acl", Admin: "acl" })
    const superUser = "IAM:arn:aws:iam::123456789012:role/admin"
    expect(told(template, "STRATALOG_SUPER_USERS")).toMatchObject({ Fetch: superUser, Poll: superUser })
    expect(accessTo(template)).toEqual({
      Produce: ["Query acls"],
      Fetch: ["Query acls"],
      Poll: ["Query acls"],
      Admin: MANAGING,
      Upkeep: [],
    })
  })
})

describe("callers who send a key", () => {
  it.each<[string, Context, string]>([
    ["an HTTP API", {}, "ServiceHttpApi"],
    ["a REST API", { frontDoor: "rest-api" }, "ServiceRestApi"],
  ])("come through %s that is open, to functions that are told to ask", (_, context, api) => {
    const template = serviceOf({ ...context, auth: "key" })
    expect(authorizations(template)).toEqual({ [api]: ["NONE"] })
    const key = "key"
    expect(told(template, "STRATALOG_AUTH")).toEqual({ Produce: key, Fetch: key, Poll: key, Admin: key })
    expect(accessTo(template)).toEqual({
      Produce: READING,
      Fetch: READING,
      Poll: READING,
      Admin: MANAGING,
      Upkeep: [],
    })
  })

  it("come to a function URL that is open, to one function that does all of it", () => {
    const template = serviceOf({ frontDoor: "function-url", auth: "key" })
    template.hasResourceProperties("AWS::Lambda::Url", { AuthType: "NONE" })
    expect(told(template, "STRATALOG_AUTH")).toEqual({ Api: "key" })
    expect(accessTo(template)).toEqual({ Api: MANAGING, Upkeep: [] })
  })

  it("have an address of their own beside the one for signatures", () => {
    for (const frontDoor of ["HttpApi", "RestApi"]) {
      const template = serviceOf({ auth: "both", frontDoor: frontDoor === "RestApi" ? "rest-api" : "http-api" })
      expect(authorizations(template)).toEqual({
        [`Service${frontDoor}`]: ["AWS_IAM"],
        [`ServiceKeyDoor${frontDoor}`]: ["NONE"],
      })
      expect(told(template, "STRATALOG_AUTH")).toMatchObject({ Produce: "both", Admin: "both" })
      const { Url, KeyUrl } = outputsOf(template)
      expect(Url).toContain(`Service${frontDoor}`)
      expect(KeyUrl).toContain(`ServiceKeyDoor${frontDoor}`)
    }
  })

  it("have it also where a name of one's own leads to the other", () => {
    const certificateArn = "arn:aws:acm:eu-west-1:111122223333:certificate/abc"
    const template = serviceOf({ auth: "both", domainName: "log.example.com", certificateArn })
    const apis = Object.entries(template.findResources("AWS::ApiGatewayV2::Api"))
    expect(apis.map(([name, { Properties }]) => [/KeyDoor/.test(name), Properties.DisableExecuteApiEndpoint])).toEqual(
      expect.arrayContaining([
        [false, true],
        [true, false],
      ]),
    )
    template.resourceCountIs("AWS::ApiGatewayV2::DomainName", 1)
    expect(outputsOf(template)["Url"]).toContain("https://log.example.com/")
  })

  it.each<[Context, string]>([
    [{ auth: "key" }, "ServiceAdmin"],
    [{ auth: "both" }, "ServiceAdmin"],
    [{ auth: "key", frontDoor: "function-url" }, "ServiceApi"],
  ])("get the first one by a line that the outputs tell: %o", (context, name) => {
    const { FirstKey } = outputsOf(serviceOf(context))
    expect(FirstKey).toContain("aws lambda invoke --function-name ")
    expect(FirstKey).toContain(name)
    expect(FirstKey).toContain("firstKey")
  })

  it("are what the first call shows", () => {
    expect(outputsOf(serviceOf({ auth: "key" }))["FirstCall"]).toContain("Bearer $STRATALOG_API_KEY")
    const { FirstCall, FirstKeyCall } = outputsOf(serviceOf({ auth: "both" }))
    expect(FirstCall).toContain("--aws-sigv4")
    expect(FirstKeyCall).toContain("Bearer $STRATALOG_API_KEY")
    expect(FirstKeyCall).toContain("ServiceKeyDoorHttpApi")
    expect(FirstKeyCall).not.toContain("--aws-sigv4")
    expect(outputsOf(serviceOf({ auth: "key" }))).not.toHaveProperty("FirstKeyCall")
  })

  it("cannot be given leave as roles are", () => {
    const stack = new Stack(unbundledApp(), "Stack")
    const log = new Stratalog(stack, "Log", { auth: "key" })
    const role = new Role(stack, "Role", { assumedBy: new ServicePrincipal("ec2.amazonaws.com") })
    for (const grant of ["grantProduce", "grantConsume", "grantAdmin"] as const) {
      expect(() => log[grant](role)).toThrow("Nobody signs here")
    }
  })
})

describe("a deployment that asks nobody", () => {
  it.each(["http-api", "rest-api", "function-url"])("says so at synthesis and in its outputs: %s", (frontDoor) => {
    const context = { auth: "none", frontDoor }
    expect(warningsOf(context)).toEqual([expect.stringContaining("everybody who knows the address")])
    expect(outputsOf(serviceOf(context))["Warning"]).toContain("everybody who knows the address")
  })

  it.each(["iam", "key", "both"])("is another thing than %s", (auth) => {
    expect(warningsOf({ auth })).toEqual([])
    expect(Object.keys(outputsOf(serviceOf({ auth })))).not.toContain("Warning")
  })
})

describe("settings that do not go together", () => {
  it.each<[Context, string]>([
    [{ auth: "both", frontDoor: "function-url" }, "choose http-api"],
    [{ auth: "key", iamPrincipals: "acl" }, "nobody does"],
    [{ auth: "none", iamPrincipals: "super" }, "nobody does"],
    [{ iamPrincipals: "acl" }, "name superUsers"],
    [{ superUsers: "User:admin" }, "nobody is denied"],
    [{ auth: "key", superUsers: "admin" }, "admin is no principal"],
    [{ auth: "key", superUsers: "User:*" }, "User:* is no principal"],
    [{ auth: "key", superUsers: ["User:a,User:b"] }, "is no principal"],
    [{ auth: "keys" }, "-c auth=keys"],
    [{ iamPrincipals: "lists" }, "-c iamPrincipals=lists"],
  ])("are refused with a sentence: %o", (context, sentence) => {
    expect(() => synthesize(context)).toThrow(sentence)
  })
})
