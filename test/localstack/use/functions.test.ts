/** That it is the real thing: functions made of the bundles, called through a gateway's events. */
import { createHash } from "node:crypto"
import { BATCH_TYPE } from "stratalog/protocol"
import { encodeBatch, portableCrc32c } from "stratalog/record-batch"
import { describe, expect, it } from "vitest"
import { valueAt } from "../../../tools/localstack/aws.ts"
import { complaintsIn, functionLog } from "../../../tools/localstack/function-logs.ts"
import { functionsOf } from "../../../tools/localstack/functions.ts"
import { recordsOf } from "../../conformance/batch.ts"
import { aws, deployment, http, log, newName } from "../deployment.ts"

describe("the functions", () => {
  it("are bundles: modules, and nothing that was built for one machine", async () => {
    const functions = await functionsOf(aws, deployment.table)
    expect(functions.length).toBeGreaterThan(1)
    for (const { name } of functions) {
      const told: unknown = await (await aws.at("lambda", "GET", `/2015-03-31/functions/${name}`)).json()
      const code = await fetch(String(valueAt(valueAt(told, "Code"), "Location")))
      const zip = Buffer.from(await code.arrayBuffer())
      const hash = createHash("sha256").update(zip).digest("base64")
      expect(valueAt(valueAt(told, "Configuration"), "CodeSha256")).toBe(hash)
      const files = namesInZip(zip)
      expect(files).toContain("index.mjs")
      expect(files.filter((file) => /node_modules|\.(node|so|map|ts)$/.test(file))).toEqual([])
    }
  })

  it("have logged nothing that no function may say", async () => {
    for (const { name } of await functionsOf(aws, deployment.table)) {
      expect(complaintsIn(await functionLog(aws, name))).toEqual([])
    }
  })
})

describe("the gateway", () => {
  it("carries bytes that are no text both ways, in base64", async () => {
    const topic = newName("bytes")
    await log.topics.create(topic, { partitions: 1 })
    const everyByte = Uint8Array.from({ length: 64 * 1024 }, (_, at) => (at * 31 + (at >> 8)) & 0xff)
    const body = encodeBatch({ records: [{ timestamp: 1, key: null, value: everyByte }] }, portableCrc32c)
    const path = `/v1/topics/${topic}/partitions/0/records`
    const produced = await http.send({ method: "POST", path, headers: { "content-type": BATCH_TYPE }, body })
    expect(produced.status, produced.text).toBe(200)
    const fetched = await http.send({ method: "GET", path: `${path}?offset=0`, headers: { accept: BATCH_TYPE } })
    expect(fetched.headers["content-type"]).toBe(BATCH_TYPE)
    const [record] = await recordsOf(fetched.bytes)
    expect(Buffer.compare(record?.value ?? new Uint8Array(), everyByte)).toBe(0)
  })

  it("carries names and texts in any script as they are", async () => {
    const topic = newName("texts")
    await log.topics.create(topic, { partitions: 1 })
    const records = [{ key: "ключ/%2F+ 🗝", value: { text: "żółć 日本語 \u0000\u2028 \"'\\" } }]
    await log.topic(topic).produce(records)
    for await (const { key, value } of log.topic(topic).read()) expect({ key, value }).toEqual(records[0])
  })
})

/** From the zip's directory at its end. */
function namesInZip(zip: Buffer): readonly string[] {
  const names: string[] = []
  let at = zip.readUInt32LE(zip.lastIndexOf(Buffer.from("PK\x05\x06", "latin1")) + 16)
  while (zip.subarray(at, at + 4).toString("latin1") === "PK\x01\x02") {
    const [name, extra, comment] = [28, 30, 32].map((field) => zip.readUInt16LE(at + field))
    names.push(zip.subarray(at + 46, at + 46 + (name ?? 0)).toString("utf8"))
    at += 46 + (name ?? 0) + (extra ?? 0) + (comment ?? 0)
  }
  return names
}
