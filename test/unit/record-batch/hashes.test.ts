import { crc32Partition, murmur2, murmur2Partition } from "stratalog/record-batch"
import { describe, expect, it } from "vitest"
import { codecSubjects } from "./codec-subjects.ts"
import { errorCode } from "./expect-error.ts"

const text = new TextEncoder()

describe.each(codecSubjects)("CRC-32C of the $name", ({ codecs: { crc32c } }) => {
  it("has the check value, and that of nothing", () => {
    expect(crc32c(text.encode("123456789"))).toBe(0xe3069283)
    expect(crc32c(new Uint8Array(0))).toBe(0)
  })

  // RFC 3720, B.4
  it.each([
    ["zeros", new Uint8Array(32), 0x8a9136aa],
    ["ones", new Uint8Array(32).fill(0xff), 0x62a8ab43],
    ["rising bytes", Uint8Array.from({ length: 32 }, (_, index) => index), 0x46dd794e],
  ])("has the value of iSCSI for 32 %s", (_, bytes, crc) => {
    expect(crc32c(bytes)).toBe(crc)
  })

  it("goes on from the CRC of the bytes before", () => {
    const bytes = Uint8Array.from({ length: 1000 }, (_, index) => index * 7)
    for (const cut of [0, 1, 7, 8, 9, 500, 1000]) {
      expect(crc32c(bytes.subarray(cut), crc32c(bytes.subarray(0, cut)))).toBe(crc32c(bytes))
    }
  })
})

describe("murmur2", () => {
  // Apache Kafka, UtilsTest.testMurmur2
  it.each([
    ["21", -973932308],
    ["foobar", -790332482],
    ["a-little-bit-long-string", -985981536],
    ["a-little-bit-longer-string", -1486304829],
    ["lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58897971],
    ["abc", 479470107],
  ])("of %s is Kafka's", (key, hash) => {
    expect(murmur2(text.encode(key))).toBe(hash)
  })

  it("chooses the partition as Kafka's default partitioner does", () => {
    expect(murmur2Partition(text.encode("21"), 1000)).toBe((-973932308 & 0x7fffffff) % 1000)
  })
})

describe("the CRC-32 partitioner", () => {
  // librdkafka, tests/0048-partitioner.c
  it.each([
    ["", 0],
    ["23456", 0xb1b451d7],
    ["this is another string with more length to it perhaps", 0xb0150df7],
    ["hejsan", 0xd077037e],
  ])("chooses as librdkafka's consistent partitioner for %j", (key, hash) => {
    expect(crc32Partition(text.encode(key), 17)).toBe(hash % 17)
    expect(crc32Partition(text.encode(key), 0x7fffffff)).toBe(hash % 0x7fffffff)
  })

  it.each([0, -1, 1.5, 2 ** 31])("refuses %d partitions", async (partitions) => {
    expect(await errorCode(() => crc32Partition(new Uint8Array(0), partitions))).toBe("out_of_range")
    expect(await errorCode(() => murmur2Partition(new Uint8Array(0), partitions))).toBe("out_of_range")
  })
})
