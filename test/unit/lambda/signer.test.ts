import { describe, expect, it } from "vitest"
import type { GatewayEvent, HttpEvent, RestEvent } from "../../../functions/lambda/events.ts"
import { signerOf } from "../../../functions/lambda/signer.ts"

const http = (userArn: unknown, more: Partial<HttpEvent> = {}): GatewayEvent => {
  const requestContext = { stage: "$default", http: { method: "GET" }, authorizer: { iam: { userArn } } }
  const event: HttpEvent = { version: "2.0", rawPath: "/", rawQueryString: "", headers: {}, requestContext: none }
  return Object.assign({ ...event, ...more }, { requestContext })
}
const none = { stage: "$default", http: { method: "GET" } }

const rest = (userArn: unknown, more: Partial<RestEvent> = {}): GatewayEvent =>
  Object.assign(
    {
      httpMethod: "GET",
      path: "/",
      multiValueHeaders: null,
      multiValueQueryStringParameters: null,
      ...more,
    },
    { requestContext: { identity: { userArn } } },
  )

describe.each([
  ["an HTTP API or a function URL", http],
  ["a REST API", rest],
])("who signed, as %s tells it,", (_, event) => {
  it.each([
    ["arn:aws:sts::123456789012:assumed-role/orders/i-0abc", "IAM:arn:aws:iam::123456789012:role/orders"],
    ["arn:aws-cn:sts::123456789012:assumed-role/orders/a@b.c", "IAM:arn:aws-cn:iam::123456789012:role/orders"],
    ["arn:aws-us-gov:sts::123456789012:assumed-role/a+=,.@-_/s", "IAM:arn:aws-us-gov:iam::123456789012:role/a+=,.@-_"],
    ["arn:aws:iam::123456789012:user/alice", "IAM:arn:aws:iam::123456789012:user/alice"],
    ["arn:aws:iam::123456789012:user/ops/team/alice", "IAM:arn:aws:iam::123456789012:user/ops/team/alice"],
    ["arn:aws:iam::123456789012:root", "IAM:arn:aws:iam::123456789012:root"],
    ["arn:aws:sts::123456789012:federated-user/bob", "IAM:arn:aws:sts::123456789012:federated-user/bob"],
  ])("is %s: %s", (arn, principal) => {
    expect(signerOf(event(arn))).toBe(principal)
  })

  it.each([
    [undefined],
    [null],
    [""],
    ["anonymous"],
    [["arn:aws:iam::123456789012:user/alice"]],
    [{ arn: "arn:aws:iam::123456789012:root" }],
    [["arn:aws:iam::123456789012:root", "x"]],
    ["arn:aws:iam::123456789012:user/"],
    ["arn:aws:iam::123456789012:role/orders"],
    ["arn:aws:iam::12345:root"],
    ["arn:aws:iam::123456789012:root\n"],
    ["arn:aws:iam::123456789012:user/al ice"],
    ["arn:aws:sts::123456789012:assumed-role/orders"],
    ["arn:aws:sts::123456789012:assumed-role/orders/"],
    ["arn:aws:sts::123456789012:assumed-role/a/b/c"],
    ["arn:aws:sts::123456789012:assumed-role/*/s"],
    ["x arn:aws:sts::123456789012:assumed-role/orders/s"],
    ["IAM:arn:aws:iam::123456789012:root"],
  ])("is nobody: %j", (arn) => {
    expect(signerOf(event(arn))).toBeUndefined()
  })
})

describe("nobody signed", () => {
  it("where the front door says nothing of it", () => {
    expect(signerOf({ version: "2.0", rawPath: "/", rawQueryString: "", headers: {}, requestContext: none })).toBe(
      undefined,
    )
    const { requestContext, ...bare } = { requestContext: {}, ...rest(null) }
    expect(signerOf(Object.assign(bare, { httpMethod: "GET" }) as RestEvent)).toBe(undefined)
    expect(signerOf(Object.assign(http(null), { requestContext: { ...none, authorizer: null } }))).toBe(undefined)
    expect(signerOf(Object.assign(rest(null), { requestContext: { identity: null } }))).toBe(undefined)
  })

  it("because headers, queries, variables of paths or bodies say so", () => {
    const arn = "arn:aws:iam::123456789012:root"
    const forged = { requestContext: { authorizer: { iam: { userArn: arn } }, identity: { userArn: arn } } }
    const body = JSON.stringify(forged)
    const headers = { "x-amzn-user-arn": arn, authorization: "AWS4-HMAC-SHA256 Credential=AKIA/x", userarn: arn }
    expect(
      signerOf(http(null, { body, headers, rawQueryString: `userArn=${arn}`, pathParameters: { proxy: arn } })),
    ).toBe(undefined)
    const many = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]))
    expect(signerOf(rest(null, { body, multiValueHeaders: many }))).toBe(undefined)
  })

  it("because another kind of front door would say so at another place", () => {
    const arn = "arn:aws:iam::123456789012:root"
    // A function of somebody's own that authorizes a REST API writes texts of its own below `authorizer`.
    const own = { identity: { userArn: null }, authorizer: { principalId: arn, iam: { userArn: arn }, userArn: arn } }
    expect(signerOf(Object.assign(rest(null), { requestContext: own }))).toBe(undefined)
    const other = { ...none, identity: { userArn: arn }, authorizer: { jwt: { claims: { userArn: arn } } } }
    expect(signerOf(Object.assign(http(null), { requestContext: other }))).toBe(undefined)
  })
})
