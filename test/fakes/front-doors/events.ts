/**
 * What each front door makes of a request, as AWS documents it and as captured events show it: an HTTP API decodes the path
 * and cuts it at a question mark that was encoded, function URLs and REST APIs leave it alone; a REST API tells headers and
 * queries twice and decodes queries.
 */
import type { IncomingMessage } from "node:http"
import type { HttpEvent, RestEvent } from "../../../functions/lambda/events.ts"

export interface Received {
  readonly request: IncomingMessage
  readonly body: Buffer
  /** As it was sent, without the stage of a REST API. */
  readonly path: string
  /** As it was sent, without the question mark. */
  readonly search: string
}

/** More than the functions read: it takes room in the event. */
type Whole<T> = T & Readonly<Record<string, unknown>>

const httpOf = (method = "GET", path = "/") => ({
  method,
  path,
  protocol: "HTTP/1.1",
  sourceIp: "192.0.2.1",
  userAgent: "agent",
})

/** What AWS tells of somebody who signed, by the ARN. */
const signerOf = (userArn: string) => ({
  accessKey: "ASIAIOSFODNN7EXAMPLE",
  accountId: "123456789012",
  callerId: "AROAIOSFODNN7EXAMPLE:session",
  cognitoIdentity: null,
  principalOrgId: "aws:PrincipalOrgID",
  userArn,
  userId: "AROAIOSFODNN7EXAMPLE:session",
})

/** `signer`: the ARN of who signed; absent where nobody has to. */
export function httpApiEvent(
  received: Received,
  pathParameters: Readonly<Record<string, string>>,
  signer?: string,
): Whole<HttpEvent> {
  const rawPath = decoded(received.path).split("?", 1)[0] ?? "/"
  return {
    ...functionUrlEvent(received, signer),
    rawPath,
    ...(Object.keys(pathParameters).length > 0 && { pathParameters }),
  }
}

export function functionUrlEvent({ request, body, path, search }: Received, signer?: string): Whole<HttpEvent> {
  const { cookie, ...headers } = headersOf(request)
  return {
    version: "2.0",
    routeKey: "$default",
    rawPath: path,
    rawQueryString: search,
    ...(cookie !== undefined && { cookies: cookie.flatMap((each) => each.split("; ")) }),
    headers: Object.fromEntries(Object.entries(headers).map(([name, values]) => [name, values.join(",")])),
    queryStringParameters: queryOf(search),
    requestContext: {
      ...CONTEXT,
      stage: "$default",
      http: httpOf(request.method, path),
      ...(signer !== undefined && { authorizer: { iam: signerOf(signer) } }),
    },
    ...bodyOf(body, request.headers["content-type"]),
  }
}

/** `before`: what the address has before the paths of the API. A domain's base path stays in `path`, a stage does not. */
export function restEvent(
  received: Received,
  before: { readonly stage: string; readonly basePath?: string },
  signer?: string,
): Whole<RestEvent> {
  const { request, body, search } = received
  const path = before.basePath === undefined ? received.path : `/${before.basePath}${received.path}`
  const query = multiQueryOf(search)
  const headers = headersOf(request)
  return {
    resource: "/{proxy+}",
    httpMethod: request.method ?? "GET",
    path,
    headers: Object.fromEntries(Object.entries(headers).map(([name, values]) => [name, values.at(-1)])),
    multiValueHeaders: headers,
    queryStringParameters: query === null ? null : queryOf(search),
    multiValueQueryStringParameters: query,
    pathParameters: { proxy: path.slice(1) },
    requestContext: restContext(`/${before.basePath ?? before.stage}${received.path}`, before.stage, signer),
    // Its binary media types are */*.
    body: body.length === 0 ? null : body.toString("base64"),
    isBase64Encoded: body.length > 0,
  }
}

function restContext(path: string, stage: string, signer: string | undefined) {
  const known = signer === undefined ? { userArn: null } : signerOf(signer)
  return { ...CONTEXT, stage, path, identity: { sourceIp: "192.0.2.1", userAgent: "agent", ...known } }
}

const CONTEXT = {
  accountId: "123456789012",
  apiId: "a1b2c3d4e5",
  domainName: "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com",
  requestId: "JKJaXmPLvHcESHA=",
  timeEpoch: 1_583_817_383_220,
}

/** Names in lower case, with what AWS adds. */
function headersOf(request: IncomingMessage): Readonly<Record<string, readonly string[]>> {
  const given = Object.entries(request.headersDistinct).map(([name, values]) => [name, values ?? []] as const)
  return {
    ...Object.fromEntries(given),
    "x-amzn-trace-id": ["Root=1-5e6722a7-cc56xmpl46db7ae02d4da47e"],
    "x-forwarded-for": ["192.0.2.1"],
    "x-forwarded-port": ["443"],
    "x-forwarded-proto": ["https"],
  }
}

/** Text of known types goes as it is, everything else as base64, also what has no type. */
function bodyOf(bytes: Buffer, type = ""): Pick<HttpEvent, "body" | "isBase64Encoded"> {
  if (bytes.length === 0) return { isBase64Encoded: false }
  const text = /^(text\/|application\/(json|javascript|xml)\b)/i.test(type) ? utf8(bytes) : undefined
  return text === undefined
    ? { body: bytes.toString("base64"), isBase64Encoded: true }
    : { body: text, isBase64Encoded: false }
}

function utf8(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return undefined
  }
}

export function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

function multiQueryOf(search: string): Readonly<Record<string, readonly string[]>> | null {
  const query = new URLSearchParams(search)
  const names = [...new Set(query.keys())]
  return names.length === 0 ? null : Object.fromEntries(names.map((name) => [name, query.getAll(name)]))
}

function queryOf(search: string): Readonly<Record<string, string>> {
  const query = multiQueryOf(search) ?? {}
  return Object.fromEntries(Object.entries(query).map(([name, values]) => [name, values.join(",")]))
}
