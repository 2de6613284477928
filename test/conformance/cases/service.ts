import assert from "node:assert/strict"
import { limits as defaults } from "stratalog/protocol"
import { conformanceCase, only, withGateway, withoutGateway } from "../case.ts"

const METRIC =
  /^[a-zA-Z_:][a-zA-Z0-9_:]*(\{([a-zA-Z_][a-zA-Z0-9_]*="([^"\\\n]|\\["\\n])*",?)*\})? -?([0-9.]+([eE][+-]?[0-9]+)?|Inf|NaN)( [0-9]+)?$/

export const serviceCases = [
  conformanceCase("limits in force", ["limits"], [], async (context) => {
    const limits = await context.call("limits", 200)
    assert.deepEqual(Object.keys(limits).sort(), Object.keys(defaults).sort())
    assert.ok(limits.maxBatchBytes <= limits.maxRequestBytes, "a request can carry the largest batch")
    assert.ok(limits.maxBatchBytes <= limits.maxFetchBytes, "a fetch can answer the largest batch")
    assert.ok(limits.defaultFetchBytes <= limits.maxFetchBytes)
    assert.ok(limits.defaultFetchRecords <= limits.maxFetchRecords)
    assert.ok(limits.maxBatchBytes <= limits.maxAnswerBytes)
  }),

  conformanceCase("health: the process answers, and it takes appends", ["ready", "live"], [], async (context) => {
    for (const id of ["ready", "live"] as const) {
      const health = await context.call(id, 200)
      assert.equal(health.status, "ok")
      assert.match(health.version, /\d/)
    }
  }),

  conformanceCase("upkeep tells what its last runs did", ["upkeep"], [], async (context) => {
    const status = await context.call("upkeep", 200)
    assert.deepEqual(Object.keys(status).sort(), ["lastNudge", "lastRound", "lastRun", "lastSweep"])
    for (const part of Object.values(status)) if (part !== null) assert.ok(part.startedAt <= part.endedAt)
    // A round ends with one of its runs, and the newest run is no older.
    if (status.lastRound !== null)
      assert.ok(status.lastRun !== null && status.lastRound.endedAt <= status.lastRun.endedAt)
  }),

  only(
    withGateway,
    conformanceCase("behind a gateway there are no metrics of a process", [], ["route_not_found"], async (context) => {
      context.problem(await context.raw({ method: "GET", path: "/metrics" }), "route_not_found")
    }),
  ),

  only(
    withoutGateway,
    conformanceCase("metrics are Prometheus text", [], [], async (context) => {
      const answer = await context.raw({ method: "GET", path: "/metrics" })
      assert.equal(answer.status, 200)
      assert.match(answer.headers["content-type"] ?? "", /^text\/plain|^application\/openmetrics-text/)
      const samples = answer.text.split("\n").filter((line) => line !== "" && !line.startsWith("#"))
      assert.ok(samples.length > 0)
      for (const sample of samples) assert.match(sample, METRIC)
      const typed = new Set(
        [...answer.text.matchAll(/^# TYPE (\S+) (counter|gauge|histogram|summary|untyped)$/gm)].map(
          (match) => match[1],
        ),
      )
      for (const sample of samples) {
        const name = sample.split(/[ {]/, 1)[0] ?? ""
        const family = name.replace(/_(bucket|sum|count)$/, "")
        assert.ok(typed.has(name) || typed.has(family), `${name} has no TYPE`)
      }
      assert.equal(
        new Set(samples.map((sample) => sample.replace(/ \S+$/, ""))).size,
        samples.length,
        "a series stands once",
      )
    }),
  ),
]
