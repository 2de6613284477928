import { encodeBatch, portableCodecs } from "stratalog/record-batch"
import { expect, it } from "vitest"
import { findOffset } from "../../../functions/log/offsets/find-offset.ts"
import { createIndexedLog } from "../../../functions/partitions/indexed-log.ts"
import { limits } from "../../../sdk/protocol/limits.ts"
import { appended, entry, newPartition } from "../../contract/partition-log/fixture.ts"
import { partitionsDeps } from "../../fakes/partitions-deps.ts"

it("looks through what lies behind a batch that the log start cuts in few requests", async () => {
  const { deps, index } = partitionsDeps()
  const log = createIndexedLog(deps)
  const codecs = portableCodecs()
  const partition = await newPartition(log)
  const records = [9_000, 1_000].map((timestamp) => ({ timestamp, key: null, value: Buffer.from("x") }))
  const batch = encodeBatch({ records }, codecs.crc32c)
  await appended(log, partition, { batch, recordCount: 2, maxTimestamp: 9_000 })
  for (let count = 0; count < 50; count += 1) await appended(log, partition, entry(["old"]))
  await appended(log, partition, entry(["young"], {}, 8_000))
  await log.moveLogStart(partition, 1)
  const before = index.requests.total()
  const found = await findOffset({ log, codecs, limits }, partition, 7_000)
  expect(found).toMatchObject({ kind: "found", offset: 52, timestamp: 8_000 })
  expect(index.requests.total() - before).toBeLessThan(10)
  expect(await findOffset({ log, codecs, limits }, partition, 8_500)).toMatchObject({ kind: "none" })
})
