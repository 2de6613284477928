import {
  decodeBatch,
  encodeBatch,
  patchBaseOffset,
  portableCrc32c,
  setLogAppendTime,
  setMaxTimestamp,
  verifyBatch,
} from "stratalog/record-batch"
import { describe, expect, it } from "vitest"
import { errorCode } from "./expect-error.ts"

const codecs = { crc32c: portableCrc32c }
const records = [
  { timestamp: 10, key: null, value: Uint8Array.of(1) },
  { timestamp: 30, key: null, value: Uint8Array.of(2) },
]
const make = () => encodeBatch({ records }, portableCrc32c)

describe("placing a batch in the log", () => {
  it("changes the offsets of its records and leaves the CRC valid", () => {
    const bytes = make()
    patchBaseOffset(bytes, 2 ** 33 + 1)
    expect(decodeBatch(bytes, codecs, 0)).toMatchObject([{ offset: 2 ** 33 + 1 }, { offset: 2 ** 33 + 2 }])
  })

  it("leaves the leader epoch alone unless it is given", () => {
    const bytes = make()
    patchBaseOffset(bytes, 1, 8)
    patchBaseOffset(bytes, 2)
    expect(verifyBatch(bytes, portableCrc32c)).toMatchObject({ baseOffset: 2, partitionLeaderEpoch: 8 })
  })

  it("refuses an offset that a number cannot hold for the last record, and bytes that are no header", async () => {
    expect(await errorCode(() => patchBaseOffset(make(), 2 ** 53 - 1))).toBe("out_of_range")
    expect(await errorCode(() => patchBaseOffset(make(), -1))).toBe("out_of_range")
    expect(await errorCode(() => patchBaseOffset(make().subarray(0, 60), 1))).toBe("truncated")
  })
})

describe("changing timestamps", () => {
  it("gives every record the log's append time, in a copy", () => {
    const bytes = make()
    const stamped = setLogAppendTime(bytes, 77, portableCrc32c)
    expect(verifyBatch(stamped, portableCrc32c)).toMatchObject({ logAppendTime: true, maxTimestamp: 77 })
    expect(decodeBatch(stamped, codecs, 0)).toMatchObject([{ timestamp: 77 }, { timestamp: 77 }])
    expect(bytes).toEqual(make())
  })

  it("corrects a wrong max timestamp, in a copy", () => {
    const bytes = make()
    const corrected = setMaxTimestamp(bytes, 31, portableCrc32c)
    expect(verifyBatch(corrected, portableCrc32c)).toMatchObject({ logAppendTime: false, maxTimestamp: 31 })
    expect(decodeBatch(corrected, codecs, 0)).toMatchObject([{ timestamp: 10 }, { timestamp: 30 }])
    expect(bytes).toEqual(make())
  })

  it("refuses a time that is no exact integer, and anything but one whole batch", async () => {
    expect(await errorCode(() => setMaxTimestamp(make(), 0.5, portableCrc32c))).toBe("out_of_range")
    expect(await errorCode(() => setLogAppendTime(make().subarray(0, 70), 1, portableCrc32c))).toBe("truncated")
  })
})
