/** A request's id, from its header to the lines of what storage failed for it. */
import { randomUUID } from "node:crypto"
import { limits } from "stratalog/protocol"
import { afterAll, beforeAll, expect, it } from "vitest"
import { nativeCodecs } from "../../functions/codecs/native-codecs.ts"
import { indexedService } from "../../functions/compose/indexed-service.ts"
import { tableStorage } from "../../functions/compose/table-storage.ts"
import { createApi } from "../../functions/http/api.ts"
import { createApp } from "../../functions/http/app.ts"
import { allEndpoints } from "../../functions/http/endpoints/all.ts"
import { type LogEvent, logLine } from "../../functions/http/logs/log-line.ts"
import { storageLines } from "../../functions/http/logs/storage-lines.ts"
import { requestContext } from "../../functions/server/request-context.ts"
import { MemoryObjectStore } from "../fakes/memory-object-store.ts"
import { settled } from "../fakes/settled.ts"
import { describeOnDynamoDb, type TemporaryTable, temporaryTable } from "./dynamodb.ts"
import { FaultyDynamoDb } from "./faulty-dynamodb.ts"

describeOnDynamoDb("the lines of a storage that fails", () => {
  const faults = new FaultyDynamoDb()
  const context = requestContext()
  const lines: LogEvent[] = []
  let access: TemporaryTable
  beforeAll(async () => {
    const report = (event: LogEvent) => void lines.push(event)
    const attempted = storageLines({ report, clock: { now: Date.now }, requestId: context.requestId })
    const ignore = () => undefined
    access = await temporaryTable(faults.adapt, { attempted, refused: ignore, rolled: ignore })
  })
  afterAll(() => access.dispose())

  it("name the requests that they are for, two at once, and nothing of what these bring", async () => {
    const storage = { ...tableStorage(access), objects: new MemoryObjectStore() }
    const { deps } = indexedService(storage, { limits, codecs: nativeCodecs(), version: "1.2.3" })
    const api = createApi(deps, allEndpoints, {
      defect: (_route, _id, error) => lines.push({ level: "error", event: String(error) }),
      around: context.around,
    })
    const app = createApp(api, { requestId: randomUUID })
    const send = (method: string, path: string, id: string, json: unknown) => {
      const headers = { "content-type": "application/json", "x-request-id": id, authorization: "Bearer planted" }
      return app.fetch(new Request(`http://localhost${path}`, { method, headers, body: JSON.stringify(json) }))
    }
    await send("PUT", "/v1/topics/orders", "r0", { partitions: 2 })
    lines.length = 0
    // One of the other, and not both of the one that is tried again before the other is sent.
    faults.loseAnswers("UpdateItem", 2, () => settled(() => faults.left() === 0))
    const answers = await Promise.all(
      [0, 1].map((partition) =>
        send("POST", `/v1/topics/orders/partitions/${partition}/records`, `r${partition + 1}`, {
          records: [{ key: "planted", value: "planted" }],
        }),
      ),
    )
    expect(answers.map(({ status, headers }) => [status, headers.get("x-request-id")])).toEqual([
      [200, "r1"],
      [200, "r2"],
    ])
    const told = lines.map(({ event, requestId, operation }) => [event, requestId, operation])
    expect(told.toSorted()).toEqual([
      ["storage_failed", "r1", "UpdateItem"],
      ["storage_failed", "r2", "UpdateItem"],
    ])
    expect(lines.map((event) => logLine(event, 0)).join("")).not.toContain("planted")
  })
})
