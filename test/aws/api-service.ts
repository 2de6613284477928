/** The HTTP API over the real adapters of DynamoDB and S3, in this process and without a server. */
import { randomUUID } from "node:crypto"
import type { S3Client } from "@aws-sdk/client-s3"
import type { Limits } from "stratalog/protocol"
import { portableCodecs } from "stratalog/record-batch"
import {
  type IndexedOptions,
  type IndexedService,
  type IndexedStorage,
  indexedService,
} from "../../functions/compose/indexed-service.ts"
import { tableStorage } from "../../functions/compose/table-storage.ts"
import { createApi, type ExchangeObserver } from "../../functions/http/api.ts"
import { createApp } from "../../functions/http/app.ts"
import { allEndpoints } from "../../functions/http/endpoints/all.ts"
import type { DynamoDbClients } from "../../functions/storage/aws/dynamodb/client.ts"
import { createS3ObjectStore } from "../../functions/storage/aws/s3/object-store.ts"

export type Service = IndexedService & {
  /** `path` with its query, from `/v1` on. */
  send(method: string, path: string, json?: unknown): Promise<{ status: number; headers: Headers; body: Body }>
}

/** Of an answer: what the test asks for has to be there. */
type Body = Readonly<Record<string, unknown>>

const observer: ExchangeObserver = {
  defect: (_route, _requestId, error) => {
    throw error
  },
}

export interface ServiceParts {
  readonly clients: DynamoDbClients
  readonly table: string
  readonly client: S3Client
  readonly bucket: string
}

/** The real adapters. */
export function storageOf({ client, bucket, ...table }: ServiceParts): IndexedStorage {
  return { ...tableStorage(table), objects: createS3ObjectStore({ client, bucket }) }
}

/** `skewMs`: by how much the clock of its groups is ahead. */
export function apiService(
  parts: ServiceParts,
  { skewMs = 0, ...options }: Partial<IndexedOptions> & { readonly limits: Limits; readonly skewMs?: number },
): Service {
  const service = indexedService(storageOf(parts), { codecs: portableCodecs(), version: "1.2.3", ...options })
  const clock = { now: () => Date.now() + skewMs }
  const deps = { ...service.deps, clock, sessionClock: clock }
  const api = createApi(deps, allEndpoints, observer)
  const app = createApp(api, { requestId: randomUUID, corsOrigins: [], pages: [] })
  return {
    ...service,
    deps,
    async send(method, path, json) {
      const headers = { "content-type": "application/json" }
      const init = json === undefined ? { method } : { method, headers, body: JSON.stringify(json) }
      const response = await app.fetch(new Request(`http://localhost${path}`, init))
      const text = await response.text()
      return { status: response.status, headers: response.headers, body: text === "" ? {} : JSON.parse(text) }
    },
  }
}
