import { createServer } from "node:http"
import { afterEach, beforeEach, expect, it } from "vitest"
import { type LocalAws, localAws } from "../../tools/localstack/aws.ts"
import { type LoopbackServer, listenOnLoopback } from "../aws/loopback-server.ts"

let server: LoopbackServer
let aws: LocalAws
let failures: number
let asked: number

beforeEach(async () => {
  asked = 0
  server = await listenOnLoopback(
    createServer((_request, response) => {
      asked++
      if (asked > failures) response.end('{"logGroups":[]}')
      else
        response.writeHead(500).end('{"__type":"InternalError","message":"dictionary changed size during iteration"}')
    }),
  )
  aws = localAws(server.endpoint)
})
afterEach(() => server.stop())

it("asks LocalStack again where it stumbled over itself, a few times, and only what changes nothing", async () => {
  failures = 2
  expect(await aws.json("logs", "Logs_20140328.DescribeLogGroups")).toEqual({ logGroups: [] })
  expect(asked).toBe(3)
  failures = 100
  asked = 0
  await expect(aws.form("cloudformation", { Action: "DescribeStacks" })).rejects.toThrow(/answered 500/)
  expect(asked).toBe(5)
  asked = 0
  await expect(aws.json("events", "AWSEvents.PutEvents")).rejects.toThrow(/answered 500/)
  expect(asked).toBe(1)
})
