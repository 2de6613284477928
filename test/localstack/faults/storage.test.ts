/** DynamoDB and S3 refuse, below the functions: what was refused is tried again, and where that does not end the caller is told. */
import { createServer, request } from "node:http"
import { buffer } from "node:stream/consumers"
import { afterAll, beforeAll, expect, it } from "vitest"
import { type DeployedFunction, functionsOf, setVariables } from "../../../tools/localstack/functions.ts"
import { type LoopbackServer, listenOnLoopback } from "../../aws/loopback-server.ts"
import { aws, deployment, log, newName, post, valuesIn } from "../deployment.ts"

type Service = "dynamodb" | "s3"

/** Says whether a request of a function is refused. */
let refuses: (service: Service) => boolean = () => false
const refused: Record<Service, number> = { dynamodb: 0, s3: 0 }

const REFUSALS: Readonly<Record<Service, readonly [status: number, type: string, body: string]>> = {
  dynamodb: [
    400,
    "application/x-amz-json-1.0",
    JSON.stringify({
      __type: "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException",
      message: "The level of configured provisioned throughput for the table was exceeded.",
    }),
  ],
  s3: [
    500,
    "application/xml",
    "<Error><Code>InternalError</Code><Message>We encountered an internal error.</Message></Error>",
  ],
}

const server = createServer((incoming, response) => {
  const service: Service = incoming.headers["x-amz-target"] === undefined ? "s3" : "dynamodb"
  if (refuses(service)) {
    refused[service]++
    const [status, type, body] = REFUSALS[service]
    incoming.resume()
    response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(body) })
    response.end(incoming.method === "HEAD" ? undefined : body)
    return
  }
  void buffer(incoming).then((body) => {
    const { method = "GET", url = "/", headers } = incoming
    const outgoing = request(new URL(url, deployment.endpoint), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers)
      answer.pipe(response)
    })
    outgoing.on("error", () => response.destroy())
    outgoing.end(body)
  })
})

let functions: readonly DeployedFunction[]
let listening: LoopbackServer

beforeAll(async () => {
  listening = await listenOnLoopback(server)
  const { endpoint } = listening
  functions = await functionsOf(aws, deployment.table)
  for (const each of functions) {
    await setVariables(aws, each, { AWS_ENDPOINT_URL_DYNAMODB: endpoint, AWS_ENDPOINT_URL_S3: endpoint })
  }
})
afterAll(async () => {
  refuses = () => false
  for (const each of functions) await setVariables(aws, each, {})
  await listening.stop()
})

/** So large that it lies in S3. */
const LARGE = "x".repeat(700_000)

it("requests that are refused now and then are made again: nothing is lost, nothing is there twice", async () => {
  const topic = newName("refused")
  await log.topics.create(topic, { partitions: 1 })
  let requests = 0
  const every: Readonly<Record<Service, number>> = { dynamodb: 5, s3: 2 }
  refuses = (service) => ++requests % every[service] === 0
  const path = `/v1/topics/${topic}/partitions/0/records`
  for (let number = 0; number < 12; number++) {
    const value = number % 3 === 0 ? `${number} ${LARGE}` : `${number} small`
    const { status, text } = await post(path, { records: [{ value }] })
    expect(status, text).toBe(200)
  }
  const numbers = (await valuesIn(topic)).map((value) => Number.parseInt(String(value), 10))
  refuses = () => false
  expect(numbers).toEqual(Array.from({ length: 12 }, (_, number) => number))
  expect(refused.dynamodb).toBeGreaterThan(0)
  expect(refused.s3).toBeGreaterThan(0)
})

it("throttling without end is told with Retry-After, and leaves nothing", async () => {
  const topic = newName("throttled")
  await log.topics.create(topic, { partitions: 1 })
  const path = `/v1/topics/${topic}/partitions/0/records`
  expect((await post(path, { records: [{ value: 0 }] })).status).toBe(200)
  refuses = (service) => service === "dynamodb"
  const { status, headers, text } = await post(path, { records: [{ value: "never" }] })
  refuses = () => false
  expect(status, text).toBe(429)
  expect(JSON.parse(text)).toMatchObject({ code: "too_many_requests", sideEffects: "none", retryable: true })
  expect(Number(headers["retry-after"])).toBeGreaterThan(0)
  expect((await post(path, { records: [{ value: 1 }] })).status).toBe(200)
  expect(await valuesIn(topic)).toEqual([0, 1])
})
