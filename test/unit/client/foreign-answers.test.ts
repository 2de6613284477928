/** What answers with a success and is no Stratalog, such as another service at the URL, is told by every call. */
import { createServer } from "node:http"
import { Stratalog } from "stratalog"
import { describe, expect, it } from "vitest"
import { listenOnLoopback } from "../../aws/loopback-server.ts"
import { runCli } from "../../fakes/cli-io.ts"

type Call = (log: Stratalog) => Promise<unknown>

async function all(listed: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of listed);
}

const reads: Readonly<Record<string, Call>> = {
  whoami: (log) => log.whoami(),
  limits: (log) => log.limits(),
  health: (log) => log.health(),
  upkeep: (log) => log.upkeep(),
  "topics.get": (log) => log.topics.get("t"),
  "topics.list": (log) => all(log.topics.list()),
  "topic.offsets": (log) => log.topic("t").offsets(),
  "groups.list": (log) => all(log.groups.list()),
  "group.describe": (log) => log.group("g").describe(),
  "group.lag": (log) => log.group("g").lag(),
  "group.committed": (log) => log.group("g").committed(),
  "keys.list": (log) => all(log.keys.list()),
  "acls.list": (log) => log.acls.list(),
}

/** Something took the request, and nobody knows what it did. */
const writes: Readonly<Record<string, Call>> = {
  initProducer: (log) => log.initProducer(),
  "topics.create": (log) => log.topics.create("t"),
  "topics.alter": (log) => log.topics.alter("t", { partitions: 3 }),
  "topic.deleteRecords": (log) => log.topic("t").deleteRecords(0, { before: "latest" }),
  "topic.setFence": (log) => log.topic("t").setFence(0, { token: "a" }),
  "topic.produce": (log) => log.topic("t").produce({ value: 1 }),
  "topic.produce to a partition": (log) => log.topic("t").produce({ value: 1 }, { partition: 0 }),
  "group.commit": (log) => log.group("g").commit([{ topic: "t", partition: 0, offset: 1 }]),
  "group.reset": (log) => log.group("g").reset({ to: "earliest", execute: true }),
  "keys.create": (log) => log.keys.create({ principal: "User:alice" }),
  "acls.removeMatching": (log) => log.acls.removeMatching({}),
}

describe.each(["<!doctype html><p>Hello", '{"ok":true}', "null", '["x"]', '"text"'])("where %s answers", (body) => {
  const log = new Stratalog({ url: "http://service.test", fetch: async () => new Response(body) })
  const detail = expect.stringContaining("The server answered with status 200 and")

  it.each(Object.entries(reads))("%s says that it is none", async (_name, call) => {
    await expect(call(log)).rejects.toMatchObject({ code: "unexpected_response", sideEffects: "none", detail })
  })

  it.each(Object.entries(writes))("%s says so, and that its outcome is unknown", async (_name, call) => {
    const cause = expect.objectContaining({ code: "unexpected_response" })
    await expect(call(log)).rejects.toMatchObject({ code: "outcome_unknown", detail, cause })
  })

  it.each(["whoami", "topic list", "key list", "group lag g"])(
    "strata %s asks whether the URL is right",
    async (line) => {
      const server = await listenOnLoopback(createServer((_request, response) => response.end(body)))
      const run = await runCli(line.split(" "), { env: { STRATALOG_URL: server.endpoint } })
      await server.stop()
      expect(run).toMatchObject({ code: 1, stdout: "" })
      expect(run.stderr).toMatch(
        /^strata: The server answered with status 200 and .*\.\nIs `--url` the base URL of a Stratalog server\?\n$/,
      )
    },
  )
})
