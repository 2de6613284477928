import { DynamoDBClient, type DynamoDBClientConfig } from "@aws-sdk/client-dynamodb"
import type { ConditionReason, StorageObserver } from "../../../log/storage-observer.ts"
import { refuseLaterItems } from "./later-formats.ts"
import { watchClient } from "./watch-client.ts"

export interface DynamoDbOptions {
  /** Absent: AWS's own, or what AWS_ENDPOINT_URL_DYNAMODB says (the SDK reads it). */
  readonly endpoint?: string
  readonly region?: string
  /** Absent: the SDK's default chain (a role in Lambda, a profile elsewhere). */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string }
  /** For a connection to be there and for an answer to come, milliseconds; absent: what DynamoDB needs at the most. */
  readonly timeouts?: { readonly connectionMs: number; readonly requestMs: number }
  /** Hears of every attempt, of conditions that failed, and of rolls. */
  readonly observer?: StorageObserver
  /** Called with each client as it is made, to add middleware. */
  readonly adapt?: (client: DynamoDBClient) => void
}

export interface DynamoDbClients {
  /** One attempt a call: whoever commits has to know of each attempt. */
  readonly once: DynamoDBClient
  /** For reads and for writes that may be repeated: a few attempts, with back-off and jitter. */
  readonly repeating: DynamoDBClient
  /** For the observer. */
  refused(reason: ConditionReason): void
  rolled(): void
  destroy(): void
}

/** A connection inside a region takes a millisecond or two; one that takes this long leads nowhere. */
const CONNECTION_TIMEOUT_MS = 1_000

/**
 * DynamoDB answers within some 10 ms, and its own worst moments are over after a few hundred; behind this lies a
 * connection that broke without a word. Short enough that a request of 25 s finds time to resolve a lost answer.
 */
const REQUEST_TIMEOUT_MS = 3_000

/** The first and three more: what a throttled partition needs to recover is longer than any caller would wait. */
const ATTEMPTS = 4

/**
 * Connections to DynamoDB at once. A Lambda environment needs a handful; a process that serves many readers must not make
 * them queue here, where waiting counts against the time-out.
 */
const MAX_SOCKETS = 256

export function createDynamoDbClients(options: DynamoDbOptions): DynamoDbClients {
  const clientOf = (maxAttempts: number): DynamoDBClient => {
    const client = new DynamoDBClient({ ...configuration(options), maxAttempts, retryMode: "standard" })
    refuseLaterItems(client)
    if (options.observer !== undefined) watchClient(client, options.observer)
    options.adapt?.(client)
    return client
  }
  const once = clientOf(1)
  const repeating = clientOf(ATTEMPTS)
  return {
    once,
    repeating,
    refused: (reason) => options.observer?.refused(reason),
    rolled: () => options.observer?.rolled(),
    destroy: () => {
      once.destroy()
      repeating.destroy()
    },
  }
}

function configuration({
  endpoint,
  region,
  credentials,
  timeouts = { connectionMs: CONNECTION_TIMEOUT_MS, requestMs: REQUEST_TIMEOUT_MS },
}: DynamoDbOptions): DynamoDBClientConfig {
  // A new TLS connection costs more than the call itself.
  const agent = { keepAlive: true, maxSockets: MAX_SOCKETS }
  return {
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(region === undefined ? {} : { region }),
    ...(credentials === undefined ? {} : { credentials }),
    requestHandler: {
      connectionTimeout: timeouts.connectionMs,
      requestTimeout: timeouts.requestMs,
      // Without it a call that takes too long is only warned about, and may wait for ever.
      throwOnRequestTimeout: true,
      httpAgent: agent,
      httpsAgent: agent,
    },
  }
}
