import { afterAll, describe, expect, it } from "vitest"
import { ExchangeMetrics } from "../../../functions/http/metrics/exchange-metrics.ts"
import { exposition, family, histogramFamily } from "../../../functions/http/metrics/exposition.ts"
import { Histogram } from "../../../functions/http/metrics/histogram.ts"
import { JournalMetrics } from "../../../functions/http/metrics/journal-metrics.ts"
import { meteredLog } from "../../../functions/http/metrics/metered-log.ts"
import { metricsPage } from "../../../functions/http/metrics/page.ts"
import type { Metric } from "../../../functions/http/metrics/table/metric.ts"
import { topicFamilies } from "../../../functions/http/metrics/topic-families.ts"
import { openHttpApi } from "../../fakes/http-api.ts"
import { createMemoryPartitionLog } from "../../fakes/memory-partition-log.ts"

function row(name: string, type: Metric["type"], help: string): Metric {
  return { name, type, help, unit: "count", labels: [] }
}

describe("the exposition", () => {
  it("is Prometheus' text", () => {
    const text = exposition([
      family(row("a_total", "counter", "As."), [{ labels: { route: 'x"\\\n', status: 200 }, value: 2 }]),
      family(row("b", "gauge", "Bs."), [{ labels: {}, value: 1.5 }]),
      family(row("c", "gauge", "None of them."), []),
      family(row("d", "gauge", "No number."), [{ labels: {}, value: Number.NaN }]),
    ])
    expect(text).toBe(
      [
        "# HELP a_total As.",
        "# TYPE a_total counter",
        'a_total{route="x\\"\\\\\\n",status="200"} 2',
        "# HELP b Bs.",
        "# TYPE b gauge",
        "b 1.5",
        "# HELP d No number.",
        "# TYPE d gauge",
        "d 0",
        "",
      ].join("\n"),
    )
  })

  it("tells histograms cumulatively, bounds included", () => {
    const sizes = new Histogram([1, 2])
    for (const value of [0.5, 1, 1.5, 2, 3]) sizes.observe(value)
    expect(histogramFamily(row("h", "histogram", "Hs."), [{ labels: { route: "r" }, histogram: sizes }]).lines).toEqual(
      [
        'h_bucket{route="r",le="1"} 2',
        'h_bucket{route="r",le="2"} 4',
        'h_bucket{route="r",le="+Inf"} 5',
        'h_sum{route="r"} 8',
        'h_count{route="r"} 5',
      ],
    )
  })
})

describe("the metrics of the API", () => {
  const exchanges = new ExchangeMetrics()
  const metered = meteredLog(createMemoryPartitionLog())
  const api = openHttpApi(
    { log: metered.log },
    { pages: [metricsPage([() => exchanges.families(), () => metered.families(), () => topicFamilies(api.deps)])] },
    { finished: (exchange) => exchanges.finished(exchange) },
  )
  afterAll(() => api.dispose())

  const scrape = async () => {
    const response = await api.send("GET", "/metrics")
    expect(response.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8")
    return (await response.text()).split("\n")
  }

  it("count what happened", async () => {
    await api.send("PUT", "/v1/topics/orders", { json: { partitions: 2 } })
    const records = "/v1/topics/orders/partitions/1/records"
    const producer = { id: 9, epoch: 0, sequence: 0 }
    await api.send("POST", records, { json: { records: [{ value: 1 }, { value: 2 }], producer } })
    await api.send("POST", records, { json: { records: [{ value: 1 }, { value: 2 }], producer } })
    await api.send("POST", records, { json: { records: [{ value: 3 }], matchOffset: 7 } })
    await api.send("GET", records)
    await api.send("GET", "/v1/topics/none")
    await api.send("GET", "/v1/topics/a b")
    await api.send("GET", "/nothing")
    const lines = await scrape()
    for (const line of [
      'stratalog_http_requests_total{route="createTopic",status="201"} 1',
      'stratalog_http_requests_total{route="produceToPartition",status="200"} 2',
      'stratalog_http_requests_total{route="produceToPartition",status="412"} 1',
      'stratalog_http_requests_total{route="describeTopic",status="404"} 1',
      'stratalog_http_requests_total{route="describeTopic",status="400"} 1',
      'stratalog_http_requests_total{route="none",status="404"} 1',
      'stratalog_http_request_duration_seconds_count{route="produceToPartition"} 3',
      'stratalog_http_errors_total{code="match_failed"} 1',
      'stratalog_http_errors_total{code="topic_not_found"} 1',
      'stratalog_http_errors_total{code="invalid_request"} 1',
      "stratalog_records_appended_total 2",
      "stratalog_records_duplicate_total 2",
      "stratalog_records_read_total 2",
      'stratalog_topic_records_total{topic="orders"} 2',
      'stratalog_topic_partitions{topic="orders"} 2',
      "stratalog_topics_untold 0",
    ]) {
      expect(lines).toContain(line)
    }
  })

  it("do not grow with the names that callers make up", async () => {
    const before = (await scrape()).length
    for (let turn = 0; turn < 20; turn++) {
      await api.send("GET", `/v1/topics/made-up-${turn}`)
      await api.send("GET", `/made-up/${turn}`)
    }
    expect((await scrape()).length).toBeLessThan(before + 40)
  })

  it("tell a bounded number of topics, and say so", async () => {
    for (let turn = 0; turn < 201; turn++) await api.send("PUT", `/v1/topics/many-${turn}`)
    const lines = await scrape()
    expect(lines.filter((line) => line.startsWith("stratalog_topic_bytes{"))).toHaveLength(200)
    expect(lines).toContain("stratalog_topics_untold 1")
  })
})

describe("the metrics of the journal", () => {
  it("count flushes, what shares one, and failures", () => {
    const journal = new JournalMetrics()
    journal.flushed({ entries: 3, bytes: 500, milliseconds: 2 })
    journal.flushed({ entries: 1, bytes: 100, milliseconds: 0.2 })
    journal.failed()
    const lines = journal.families().flatMap((family) => family.lines)
    for (const line of [
      'stratalog_journal_flush_duration_seconds_bucket{le="0.00025"} 1',
      'stratalog_journal_flush_duration_seconds_bucket{le="0.0025"} 2',
      "stratalog_journal_flush_entries_sum 4",
      "stratalog_journal_written_bytes_total 600",
      "stratalog_journal_failures_total 1",
    ]) {
      expect(lines).toContain(line)
    }
  })
})
