/** Everything that can be read of a log, byte for byte. */
import { deflateRawSync } from "node:zlib"
import { BATCH_TYPE } from "stratalog/protocol"
import { call, type Service } from "./service.ts"

export interface ObservedPartition {
  readonly topic: string
  readonly id: string
  readonly partition: number
  readonly logStartOffset: number
  readonly highWatermark: number
  /** All record batches from the log start on, compressed, in base64. */
  readonly batches: string
}

export interface ObservedGroup {
  readonly group: string
  readonly offsets: unknown
  readonly description: unknown
}

interface Offsets {
  readonly offsets: readonly Pick<ObservedPartition, "partition" | "logStartOffset" | "highWatermark">[]
}

export async function observeTopic(service: Service, topic: string): Promise<ObservedPartition[]> {
  const { id } = await call<{ id: string }>(service, "GET", `/v1/topics/${topic}`)
  const { offsets } = await call<Offsets>(service, "GET", `/v1/topics/${topic}/offsets`)
  const observed: ObservedPartition[] = []
  for (const { partition, logStartOffset, highWatermark } of offsets) {
    const batches = await allBatches(service, topic, partition, { from: logStartOffset, to: highWatermark })
    observed.push({ topic, id, partition, logStartOffset, highWatermark, batches: packed(batches) })
  }
  return observed
}

async function allBatches(
  service: Service,
  topic: string,
  partition: number,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<Buffer> {
  const read: Buffer[] = []
  for (let offset = from; offset < to; ) {
    const path = `/v1/topics/${topic}/partitions/${partition}/records?offset=${offset}`
    const response = await service.send("GET", path, { accept: BATCH_TYPE })
    const bytes = Buffer.from(await response.arrayBuffer())
    const next = Number(response.headers.get("stratalog-next-offset"))
    if (!response.ok || !(next > offset)) throw new Error(`${path}: ${response.status} ${bytes}`)
    read.push(bytes)
    offset = next
  }
  return Buffer.concat(read)
}

function packed(bytes: Uint8Array): string {
  return deflateRawSync(bytes).toString("base64")
}

export async function observeGroup(service: Service, group: string): Promise<ObservedGroup> {
  const description = await call(service, "GET", `/v1/groups/${group}`)
  const offsets = await call(service, "GET", `/v1/groups/${group}/offsets`)
  return { group, offsets, description }
}
