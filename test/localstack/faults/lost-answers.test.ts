/** What a network does between the SDK and the gateway: the producer's records are there once, and in order. */
import { Stratalog } from "stratalog"
import { expect, it } from "vitest"
import { type Fault, FaultyNetwork } from "../../fakes/faulty-fetch.ts"
import { deployment, log, newName } from "../deployment.ts"

const FAULTS: readonly Fault[] = [
  { kind: "lost_answer" },
  { kind: "none" },
  { kind: "late" },
  { kind: "none" },
  { kind: "lost_request" },
  { kind: "cut_body" },
  { kind: "none" },
  { kind: "gateway", status: 504, arrives: true },
]
const NONE: Fault = { kind: "none" }
const RECORDS = 48

it("answers are lost, cut short and replaced by a gateway's, requests are lost and come late", async () => {
  const network = new FaultyNetwork((request) => fetch(request))
  let requests = 0
  network.inject((method, path) => {
    return method === "POST" && path.endsWith("/records") ? (FAULTS[requests++ % FAULTS.length] ?? NONE) : NONE
  })
  await producedOnce(network.fetch)
  await network.deliverLate()
  expect(new Set(network.seen.map(({ fault }) => fault))).toEqual(new Set(FAULTS.map(({ kind }) => kind)))
})

it("every request comes twice, at the same time", async () => {
  let doubled = 0
  await producedOnce(async (url, init) => {
    if (init.method !== "POST" || !url.endsWith("/records")) return fetch(url, init)
    doubled++
    const [answer] = await Promise.all([fetch(url, init), fetch(url, init)])
    return answer
  })
  expect(doubled).toBeGreaterThan(0)
})

async function producedOnce(fetch: (url: string, init: RequestInit) => Promise<Response>): Promise<void> {
  const topic = newName("once")
  await log.topics.create(topic, { partitions: 2 })
  const producer = new Stratalog({ url: deployment.api, fetch }).topic(topic).producer({ lingerMs: 0 })
  for (let value = 0; value < RECORDS; value += 4) {
    await Promise.all([0, 1, 2, 3].map((at) => producer.send({ key: `k${at}`, value: value + at })))
  }
  await producer.close()
  const values = new Map<string, unknown[]>()
  for await (const { key, value } of log.topic(topic).read()) {
    values.set(String(key), [...(values.get(String(key)) ?? []), value])
  }
  for (let at = 0; at < 4; at++) {
    expect(values.get(`k${at}`)).toEqual(Array.from({ length: RECORDS / 4 }, (_, turn) => turn * 4 + at))
  }
}
