import { portableCrc32c } from "stratalog/record-batch"
import { describe, expect, it } from "vitest"
import {
  controlFrame,
  FRAME_HEADER_BYTES,
  FRAME_TYPES,
  payloadIsWhole,
  readFrameHeader,
  writeFrameHeader,
} from "../../../functions/storage/embedded/journal/frame.ts"
import { topicIdBytes } from "../../../functions/storage/embedded/journal/topic-id.ts"
import { entryOf, TOPIC } from "../../fakes/temporary-journal.ts"

const FRAME = controlFrame(FRAME_TYPES.batch, {
  topicId: topicIdBytes(TOPIC),
  partition: 4_000_000_000,
  recordCount: 3,
  baseOffset: Number.MAX_SAFE_INTEGER - 10,
  maxTimestamp: -1,
  producerId: 2 ** 52,
  producerEpoch: 32_767,
  baseSequence: 2 ** 31 - 1,
  payload: entryOf().batch,
})

function written(): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(FRAME_HEADER_BYTES)
  const place = { fileNumber: 9, nonce: 2 ** 32 - 1, syncedUpTo: 2 ** 31 }
  writeFrameHeader(new DataView(bytes.buffer), 0, FRAME, place, 2 ** 31 + 5, portableCrc32c)
  return bytes
}

describe("journal frame", () => {
  it("reads what was written, at the edges of every field", () => {
    const header = readFrameHeader(written(), 0, portableCrc32c)
    const { payload, topicId: _, ...fields } = FRAME
    expect(header).toMatchObject({
      ...fields,
      topicId: TOPIC,
      fileNumber: 9,
      nonce: 2 ** 32 - 1,
      syncedUpTo: 2 ** 31,
      position: 2 ** 31 + 5,
      payloadBytes: payload.length,
    })
  })

  it("is no frame with any bit changed, or cut", () => {
    for (let bit = 0; bit < FRAME_HEADER_BYTES * 8; bit++) {
      const bytes = written()
      bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7))
      expect(readFrameHeader(bytes, 0, portableCrc32c), `bit ${bit}`).toBeUndefined()
    }
    expect(readFrameHeader(written().subarray(0, -1), 0, portableCrc32c)).toBeUndefined()
  })

  it("knows its batch with any byte changed", () => {
    const header = readFrameHeader(written(), 0, portableCrc32c)
    if (header === undefined) throw new Error("no header")
    expect(payloadIsWhole(header, FRAME.payload, portableCrc32c)).toBe(true)
    for (let at = 0; at < FRAME.payload.length; at++) {
      const payload = FRAME.payload.slice()
      payload[at] = (payload[at] ?? 0) ^ 1
      expect(payloadIsWhole(header, payload, portableCrc32c), `byte ${at}`).toBe(false)
    }
  })
})
