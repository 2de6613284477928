/** The functions as they are deployed, in this process: each with clients of its own, behind one front door. */
import { limits } from "stratalog/protocol"
import type { Concern } from "../../../infra/front-door/routes.ts"
import { apiService, type Service, storageOf } from "../../aws/api-service.ts"
import { clientsForTests, temporaryTable } from "../../aws/dynamodb.ts"
import { FaultyDynamoDb } from "../../aws/faulty-dynamodb.ts"
import { s3ClientFor, startS3ForTests, type TemporaryBucket, temporaryBucket } from "../../aws/s3.ts"
import { handlersByConcern } from "../../fakes/front-doors/by-concern.ts"
import { httpApi } from "../../fakes/front-doors/doors.ts"
import { startGateway } from "../../fakes/gateway.ts"
import { indexedOptions as options } from "./indexed-options.ts"
import { RequestRecorder } from "./requests.ts"

/** `lag`: upkeep, where it looks up the lag of groups. */
export type FunctionName = Concern | "upkeep" | "lag"

export interface DeployedFunction {
  readonly storage: ReturnType<typeof storageOf>
  readonly service: Service
  /** The same function in another environment, its clock so much ahead. */
  later(milliseconds: number): Service
  readonly recorder: RequestRecorder
  /** Stands between its clients and DynamoDB. */
  readonly faults: FaultyDynamoDb
}

export interface RunningFunctions {
  readonly table: string
  readonly bucket: TemporaryBucket
  readonly functions: Readonly<Record<FunctionName, DeployedFunction>>
  /** Somebody whose requests nobody records. */
  readonly somebody: Service
  readonly url: string
  close(): Promise<void>
}

export async function startFunctions(): Promise<RunningFunctions> {
  const s3 = await startS3ForTests()
  const made = await temporaryTable()
  const bucket = await temporaryBucket(s3.endpoint)
  const parts = { clients: made.clients, table: made.table, client: bucket.client, bucket: bucket.bucket }
  const opened: { destroy(): void }[] = []
  const open = (): DeployedFunction => {
    const recorder = new RequestRecorder()
    const faults = new FaultyDynamoDb()
    const clients = clientsForTests((client) => {
      recorder.adaptDynamoDb(client)
      faults.adapt(client)
    })
    const client = s3ClientFor(s3.endpoint)
    recorder.adaptS3(client)
    opened.push(clients, client)
    const own = { ...parts, clients, client }
    const later = (skewMs: number) => apiService(own, { ...options, skewMs })
    return { recorder, faults, storage: storageOf(own), service: later(0), later }
  }
  const functions = { produce: open(), fetch: open(), poll: open(), admin: open(), upkeep: open(), lag: open() }
  const gateway = await startGateway(httpApi(handlersByConcern((concern) => functions[concern].storage, options)))
  return {
    table: made.table,
    bucket,
    functions,
    somebody: apiService(parts, { ...options, limits }),
    url: gateway.url,
    async close() {
      await gateway.close()
      for (const each of opened) each.destroy()
      await bucket.dispose()
      await s3.stop()
      await made.dispose()
    },
  }
}
