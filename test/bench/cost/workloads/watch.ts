/** What `strata top` asks for in one look. */
import { randomUUID } from "node:crypto"
import { Stratalog } from "stratalog"
import { lookRequests } from "stratalog/cost"
import { takeLook } from "../../../../sdk/cli/watch/take-look.ts"
import type { Measured } from "../report.ts"
import type { Stage } from "../stage.ts"
import { difference } from "../usage.ts"

export interface WatchShape {
  readonly topics: number
  /** Of each topic. */
  readonly partitions: number
  /** Each committed for one of the topics. */
  readonly groups: number
}

/** Where the stage has no other groups. */
export async function look(stage: Stage, shape: WatchShape): Promise<Measured> {
  const { topics, partitions, groups } = shape
  const service = stage.serve()
  let requests = 0
  const log = new Stratalog({
    url: BASE,
    fetch: async (url, { method = "GET", body: sent }) => {
      requests++
      const json: unknown = typeof sent === "string" ? JSON.parse(sent) : undefined
      const { status, headers, body } = await service.send(method, url.slice(BASE.length), json)
      return new Response(JSON.stringify(body), { status, headers })
    },
  })
  const prefix = `watched-${randomUUID()}-`
  for (let topic = 0; topic < topics; topic++) await log.topics.create(`${prefix}${topic}`, { partitions })
  for (let group = 0; group < groups; group++) {
    const topic = `${prefix}${group % topics}`
    const offsets = Array.from({ length: partitions }, (_, partition) => ({ topic, partition, offset: 0 }))
    await log.group(`${prefix}${group}`).commit(offsets)
  }
  const scope = { topics: true, groups: undefined, topicPrefix: prefix, groupPrefix: "", most: 100 }
  requests = 0
  const before = stage.meter.usage()
  await takeLook(log, scope, Date.now, new AbortController().signal)
  const usage = difference(stage.meter.usage(), before)
  const expected = lookRequests(shape)
  return {
    workload: `a look of strata top: ${topics} topics of ${partitions} partitions, ${groups} groups`,
    per: "look",
    count: 1,
    usage,
    moneyFor: { name: "a million", count: 1_000_000 },
    remarks: [`${requests} requests`],
    bars: [
      { what: "requests of the API", value: requests, atMost: expected.requests },
      { what: "read units", value: usage.readUnits, atMost: expected.readUnits },
    ],
  }
}

const BASE = "http://stratalog"
