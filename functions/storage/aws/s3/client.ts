import { S3Client } from "@aws-sdk/client-s3"
import type { StorageObserver } from "../../../log/storage-observer.ts"
import { watchClient } from "./watch-client.ts"

export interface S3Options {
  /** Absent: AWS's own. Given: a server that speaks S3's protocol; buckets are named in the path, not in the host. */
  readonly endpoint?: string
  readonly region?: string
  /** Absent: the SDK's default chain (a role in Lambda, a profile elsewhere). */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string }
  /** Hears of every attempt. */
  readonly observer?: StorageObserver
  /** Called with the client when it is made, to add middleware. */
  readonly adapt?: (client: S3Client) => void
}

/** A connection inside a region takes a millisecond or two; one that takes this long leads nowhere. */
const CONNECTION_TIMEOUT_MS = 1_000

/** Objects are read in ranges side by side; a request that waits for a connection here waits against its own time-out. */
const MAX_SOCKETS = 256

/** One attempt a call: `createS3ObjectStore` repeats them itself, as it has to know what each of them may have done. */
export function createS3Client({ endpoint, region, credentials, observer, adapt }: S3Options): S3Client {
  const agent = { keepAlive: true, maxSockets: MAX_SOCKETS }
  const client = new S3Client({
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    ...(region === undefined ? {} : { region }),
    ...(credentials === undefined ? {} : { credentials }),
    // Rather than the SDK's own for one attempt, which warns of each failed put that it cannot repeat a stream.
    retryStrategy: { mode: "none", retry: (next, args) => next(args) },
    // Else the SDK opens a new connection for each large put, to ask first whether it may send it.
    expectContinueHeader: false,
    // What is stored, and what comes back whole, is compared with its checksum, whatever the environment says.
    requestChecksumCalculation: "WHEN_SUPPORTED",
    responseChecksumValidation: "WHEN_SUPPORTED",
    requestHandler: { connectionTimeout: CONNECTION_TIMEOUT_MS, httpAgent: agent, httpsAgent: agent },
  })
  if (observer !== undefined) watchClient(client, observer)
  adapt?.(client)
  return client
}
