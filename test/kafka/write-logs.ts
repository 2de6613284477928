/**
 * Writes the segments that upkeep makes as log files into the folder that is named: tiered, merged, and compacted with
 * gaps, tombstones with their horizon and empty batches, in every codec. Prints the offsets that each has to hold.
 */
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { encodeBatch, encodeCompressedBatch, type RecordInput, readBatchHeader } from "stratalog/record-batch"
import { nativeCodecs } from "../../functions/codecs/native-codecs.ts"
import type { StoredBatch } from "../../functions/log/ports.ts"
import { listSegments } from "../../functions/segments/list-segments.ts"
import { partition } from "../unit/segments/fixture.ts"
import { recordsOf } from "../unit/segments/scenarios.ts"
import { keepUp, readAll, T0, upkeptLog } from "../unit/segments/upkept-log.ts"

const codecNames = ["none", "gzip", "snappy", "lz4", "zstd"] as const
const codecs = nativeCodecs()
const folder = process.argv[2]
if (folder === undefined) throw new Error("usage: write-logs.ts FOLDER")

for (const [name, config] of [
  ["tiered", { "segment.bytes": 2048 }],
  ["merged", {}],
  ["compacted", { "cleanup.policy": "compact", "segment.bytes": 2048 }],
] as const) {
  const batches = await written()
  const pages = batches.map((batch, index) => ({ batches: [batch], storedAt: T0 + index }))
  const log = upkeptLog({ pages }, { segmentBytes: 16_384 })
  await keepUp(log, { "segment.bytes": 1024 }, false)
  const report = await keepUp(log, config, false)
  if (report.failures.length > 0) throw new Error(JSON.stringify(report.failures))
  mkdirSync(join(folder, name), { recursive: true })
  const segments = await listSegments(log.index, partition, 0, Number.POSITIVE_INFINITY)
  if (!Array.isArray(segments)) throw new Error(segments.detail)
  for (const { baseOffset, objectKey } of segments) {
    const object = await log.objects.get(objectKey)
    if (object.kind !== "object") throw new Error(object.kind)
    writeFileSync(join(folder, name, `${String(baseOffset).padStart(20, "0")}.log`), object.bytes)
  }
  const read = (await readAll(log)).batches
  const offsets = (await recordsOf(read)).map(({ offset }) => offset)
  const horizons = read.filter(({ bytes }) => readBatchHeader(bytes).hasDeleteHorizon).length
  console.log(`${name} ${segments.length} ${read.length} ${horizons} ${offsets.join(",")}`)
}

/** Three records a batch, some of them tombstones, the codecs in turn. */
async function written(): Promise<StoredBatch[]> {
  const batches: StoredBatch[] = []
  for (let at = 0; at < 25; at++) {
    const records = [0, 1, 2].map((index): RecordInput => {
      const offset = 3 * at + index
      const value = offset % 8 === 5 ? null : Buffer.from(`value ${offset} `.repeat(30))
      return {
        timestamp: T0 + offset,
        key: Buffer.from(`k${(offset * 5) % 13}`),
        value,
        headers: [["h", Buffer.from("x")]],
      }
    })
    const codec = codecNames[at % codecNames.length] ?? "none"
    const input = { records, baseOffset: 3 * at }
    const bytes =
      codec === "none" ? encodeBatch(input, codecs.crc32c) : await encodeCompressedBatch(input, codec, codecs)
    batches.push({ baseOffset: 3 * at, recordCount: 3, maxTimestamp: T0 + 3 * at + 2, bytes })
  }
  return batches
}
