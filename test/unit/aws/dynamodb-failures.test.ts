/** The table of failures, row by row: errors as the SDK makes them from answers, and from connections that break. */
import { once } from "node:events"
import { createServer, type RequestListener, type Server } from "node:http"
import { createServer as createTcpServer } from "node:net"
import {
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  TransactionCanceledException,
} from "@aws-sdk/client-dynamodb"
import { afterEach, describe, expect, it } from "vitest"
import { createDynamoDbClients } from "../../../functions/storage/aws/dynamodb/client.ts"
import { unavailableFrom, unavailableReading } from "../../../functions/storage/aws/dynamodb/failures.ts"

const credentials = { accessKeyId: "local", secretAccessKey: "local" }
const prefix = "com.amazonaws.dynamodb.v20120810#"

const answers: readonly [status: number, type: string, reason: string, sideEffects: string][] = [
  [400, `${prefix}ProvisionedThroughputExceededException`, "throttled", "none"],
  [400, `${prefix}ThrottlingException`, "throttled", "none"],
  [400, "com.amazon.coral.availability#ThrottlingException", "throttled", "none"],
  [400, `${prefix}RequestLimitExceeded`, "throttled", "none"],
  [400, `${prefix}TransactionConflictException`, "throttled", "none"],
  [400, `${prefix}ReplicatedWriteConflictException`, "throttled", "none"],
  [429, "TooMany", "throttled", "none"],
  [400, "com.amazon.coral.validate#ValidationException", "storage_failed", "none"],
  [400, "com.amazon.coral.service#SerializationException", "storage_failed", "none"],
  [400, "com.amazon.coral.service#UnrecognizedClientException", "storage_failed", "none"],
  [400, `${prefix}ResourceNotFoundException`, "storage_failed", "none"],
  [400, `${prefix}ItemCollectionSizeLimitExceededException`, "storage_failed", "none"],
  [400, `${prefix}TransactionInProgressException`, "storage_failed", "unknown"],
  [403, "AccessDeniedException", "storage_failed", "none"],
  [408, "RequestTimeout", "storage_failed", "unknown"],
  [413, "RequestEntityTooLarge", "storage_failed", "none"],
  [500, `${prefix}InternalServerError`, "storage_failed", "unknown"],
  [500, "InternalFailure", "storage_failed", "unknown"],
  [502, "BadGateway", "storage_failed", "unknown"],
  [503, "com.amazon.coral.availability#ServiceUnavailableException", "storage_failed", "unknown"],
  [504, "GatewayTimeout", "storage_failed", "unknown"],
]

describe("a failure of DynamoDB", () => {
  const servers: Server[] = []
  const clients: DynamoDBClient[] = []
  afterEach(() => {
    for (const client of clients.splice(0)) client.destroy()
    for (const server of servers.splice(0)) {
      server.closeAllConnections()
      server.close()
    }
  })

  for (const [status, type, reason, sideEffects] of answers) {
    it(`is ${reason}, side effects ${sideEffects}, for ${status} ${type}`, async () => {
      const error = await failing(JSON.stringify({ __type: type, message: "as said" }), status)
      expect(unavailableFrom(error)).toMatchObject({ kind: "unavailable", reason, sideEffects })
      expect(unavailableReading(error)).toMatchObject({ reason, sideEffects: "none" })
    })
  }

  it("has an unknown effect where the answer cannot be read, whatever it is", async () => {
    for (const body of ["<html>proxy</html>", '{"Item":', ""]) {
      const error = await failing(body, body === "" ? 500 : 200)
      expect(unavailableFrom(error), body).toMatchObject({ reason: "storage_failed", sideEffects: "unknown" })
    }
  })

  it("has an unknown effect where the connection breaks before, or within the answer", async () => {
    const broken: readonly RequestListener[] = [
      (request) => request.socket.destroy(),
      (request) => request.socket.resetAndDestroy(),
      (request, response) => {
        response.writeHead(200, { "content-length": 100 })
        response.write('{"Item"')
        setImmediate(() => request.socket.destroy())
      },
    ]
    for (const listener of broken) {
      const error = await rejection(await listening(listener))
      expect(unavailableFrom(error)).toMatchObject({ reason: "storage_failed", sideEffects: "unknown" })
    }
  })

  it("has an unknown effect where the answer takes too long", () => {
    const error = Object.assign(new Error("took too long"), { name: "TimeoutError", code: "ETIMEDOUT" })
    expect(unavailableFrom(error)).toMatchObject({ reason: "storage_failed", sideEffects: "unknown" })
  })

  it("did nothing where no connection or address was found", async () => {
    const unused = createTcpServer().listen(0, "127.0.0.1")
    await once(unused, "listening")
    const address = unused.address()
    unused.close()
    if (address === null || typeof address === "string") throw new Error("no port")
    for (const endpoint of [
      `http://127.0.0.1:${address.port}`,
      `http://localhost:${address.port}`,
      "http://none.invalid",
    ]) {
      const error = await rejection(endpoint)
      expect(unavailableFrom(error), endpoint).toMatchObject({ reason: "storage_failed", sideEffects: "none" })
    }
  })

  it("keeps an effect unknown that an earlier attempt may have had", async () => {
    let requests = 0
    const endpoint = await listening((request, response) => {
      requests += 1
      if (requests === 1) request.socket.destroy()
      else response.writeHead(400).end(JSON.stringify({ __type: "com.amazon.coral.validate#ValidationException" }))
    })
    const error = await rejection(endpoint, "repeating")
    expect(requests).toBe(2)
    expect(unavailableFrom(error)).toMatchObject({ reason: "storage_failed", sideEffects: "unknown" })
    expect(unavailableReading(error)).toMatchObject({ sideEffects: "none" })
  })

  it("is judged by the reasons of a cancelled transaction", () => {
    const rows: readonly [string, string][] = [
      ["ThrottlingError", "throttled"],
      ["ProvisionedThroughputExceeded", "throttled"],
      ["TransactionConflict", "throttled"],
      ["ValidationError", "storage_failed"],
      ["ItemCollectionSizeLimitExceeded", "storage_failed"],
    ]
    for (const [Code, reason] of rows) {
      expect(unavailableFrom(cancellation("None", Code)), Code).toMatchObject({ reason, sideEffects: "none" })
    }
  })

  it("is not what a failed condition or a mistake of this program is", async () => {
    const condition = new ConditionalCheckFailedException({ message: "failed", $metadata: { httpStatusCode: 400 } })
    for (const error of [
      condition,
      cancellation("TransactionConflict", "ConditionalCheckFailed"),
      new TypeError("ours"),
    ]) {
      expect(() => unavailableFrom(error)).toThrow(error)
    }
  })

  it("did nothing where there are no credentials", async () => {
    const { once: client } = createDynamoDbClients({
      endpoint: "http://127.0.0.1:1",
      region: "us-east-1",
      adapt: (made) => {
        made.config.credentials = async () => {
          throw Object.assign(new Error("none found"), { name: "CredentialsProviderError" })
        }
      },
    })
    clients.push(client)
    const error = await client.send(getItem()).catch((reason: unknown) => reason)
    expect(unavailableFrom(error)).toMatchObject({ reason: "storage_failed", sideEffects: "none" })
  })

  function failing(body: string, status: number): Promise<unknown> {
    return listening((_request, response) => {
      response.writeHead(status, { "content-type": "application/x-amz-json-1.0" }).end(body)
    }).then((endpoint) => rejection(endpoint))
  }

  async function listening(listener: RequestListener): Promise<string> {
    const server = createServer(listener).listen(0, "127.0.0.1")
    servers.push(server)
    await once(server, "listening")
    const address = server.address()
    if (address === null || typeof address === "string") throw new Error("no port")
    return `http://127.0.0.1:${address.port}`
  }

  async function rejection(endpoint: string, which: "once" | "repeating" = "once"): Promise<unknown> {
    const made = createDynamoDbClients({ endpoint, region: "us-east-1", credentials })
    clients.push(made.once, made.repeating)
    try {
      await made[which].send(getItem())
    } catch (error) {
      return error
    }
    throw new Error("it did not fail")
  }
})

function getItem(): GetItemCommand {
  return new GetItemCommand({ TableName: "t", Key: { pk: { S: "a" }, sk: { S: "b" } } })
}

function cancellation(...codes: string[]): TransactionCanceledException {
  const CancellationReasons = codes.map((Code) => ({ Code }))
  return new TransactionCanceledException({
    message: "cancelled",
    CancellationReasons,
    $metadata: { httpStatusCode: 400 },
  })
}
