/** What servers tell, and which alerts are on then: in promtool's notation for series, a value a minute. */

export interface RuleCase {
  readonly name: string
  readonly series: Readonly<Record<string, string>>
  /** Minutes from the beginning. */
  readonly at: number
  readonly firing: readonly string[]
}

const of = 'job="stratalog",instance="a"'

const one = (metric: string, labels = "") => `${metric}{${of}${labels === "" ? "" : `,${labels}`}}`

/** All appends, or all syncs, take between half of this and this, so many a minute. */
function histogram(metric: string, bounds: readonly string[], above: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...bounds, "+Inf"].map((bound) => [
      one(`${metric}_bucket`, `le="${bound}"`),
      bound === above || bound === "+Inf" ? "0+60x60" : "0x60",
    ]),
  )
}

export const ruleCases: readonly RuleCase[] = [
  {
    name: "a server in good health",
    series: {
      [one("up")]: "1x60",
      [one("stratalog_ready")]: "1x60",
      [one("process_start_time_seconds")]: "1000x60",
      [one("stratalog_http_requests_total", 'route="produce",status="200"')]: "0+600x60",
      [one("stratalog_http_requests_total", 'route="produce",status="404"')]: "0+600x60",
      [one("stratalog_http_errors_total", 'code="topic_not_found"')]: "0+600x60",
      [one("stratalog_journal_failures_total")]: "0x60",
      [one("stratalog_upkeep_failures_total")]: "0x60",
      [one("stratalog_upkeep_last_timestamp_seconds", 'kind="run"')]: "0+60x60",
      [one("stratalog_upkeep_overdue_seconds")]: "0x60",
      [one("stratalog_topics_untold")]: "0x60",
      [one("stratalog_groups_untold")]: "0x60",
      [one("nodejs_eventloop_lag_p99_seconds")]: "0.01x60",
      [one("stratalog_group_lag", 'group="g",topic="t",partition="0"')]: "5x60",
      ...histogram("stratalog_append_duration_seconds", ["0.01", "1"], "0.01"),
    },
    at: 60,
    firing: [],
  },
  { name: "a server that is gone", series: { [one("up")]: "1x2 0x10" }, at: 6, firing: ["ServerDown"] },
  { name: "one that misses a scrape", series: { [one("up")]: "1x2 0 1x10" }, at: 4, firing: [] },
  {
    name: "another job's server that is gone",
    series: { 'up{job="node",instance="a"}': "0x10" },
    at: 9,
    firing: [],
  },
  {
    name: "one that starts again and again",
    series: { [one("process_start_time_seconds")]: "1x5 2x5 3x5 4x20" },
    at: 20,
    firing: ["ServerRestarting"],
  },
  {
    name: "one that is told to be ready for lack of appends, between appends that fail",
    series: { [one("stratalog_ready")]: "1x5 0 1x30" },
    at: 9,
    firing: ["NotReady"],
  },
  { name: "one that is ready again", series: { [one("stratalog_ready")]: "1x5 0 1x30" }, at: 12, firing: [] },
  {
    name: "a disk that fails",
    series: { [one("stratalog_journal_failures_total")]: "0x5 3x30" },
    at: 8,
    firing: ["JournalFailing"],
  },
  {
    name: "one request in fifty that the service fails",
    series: {
      [one("stratalog_http_requests_total", 'route="produce",status="200"')]: "0+490x30",
      [one("stratalog_http_requests_total", 'route="produce",status="503"')]: "0+10x30",
    },
    at: 20,
    firing: ["ServerErrors"],
  },
  {
    name: "a share of failures that is told by server",
    series: {
      [one("stratalog_http_requests_total", 'route="produce",status="200"')]: "0+490x30",
      'stratalog_http_requests_total{job="stratalog",instance="b",route="produce",status="503"}': "0+10x30",
    },
    at: 20,
    firing: ["ServerErrors"],
  },
  {
    name: "readers who are turned away, minute by minute",
    series: { [one("stratalog_http_errors_total", 'code="too_many_requests"')]: "0+5x30" },
    at: 20,
    firing: ["TooManyRequests"],
  },
  {
    name: "somebody who tries keys",
    series: { [one("stratalog_http_errors_total", 'code="unauthenticated"')]: "0+50x30" },
    at: 15,
    firing: ["KeysRefused"],
  },
  {
    name: "appends that take seconds",
    series: histogram("stratalog_append_duration_seconds", ["0.1", "2.5"], "2.5"),
    at: 30,
    firing: ["ProduceSlow"],
  },
  {
    name: "a disk that is slow",
    series: histogram("stratalog_journal_flush_duration_seconds", ["0.01", "0.5"], "0.5"),
    at: 30,
    firing: ["FlushSlow"],
  },
  {
    name: "a process that has too much to do",
    series: { [one("nodejs_eventloop_lag_p99_seconds")]: "0.5x40" },
    at: 30,
    firing: ["EventLoopLate"],
  },
  {
    name: "more groups than are told",
    series: { [one("stratalog_groups_untold")]: "1x70", [one("stratalog_topics_untold")]: "0x70" },
    at: 65,
    firing: ["SeriesUntold"],
  },
  {
    name: "steps of upkeep that fail",
    series: { [one("stratalog_upkeep_failures_total")]: "0+1x60" },
    at: 50,
    firing: ["UpkeepFailing"],
  },
  {
    name: "a step of upkeep that failed once",
    series: { [one("stratalog_upkeep_failures_total")]: "0x5 1x60" },
    at: 50,
    firing: [],
  },
  {
    name: "upkeep that stopped, on each of two servers",
    series: {
      [one("stratalog_upkeep_last_timestamp_seconds", 'kind="run"')]: "600x200",
      'stratalog_upkeep_last_timestamp_seconds{job="stratalog",instance="b",kind="run"}': "660x200",
      [one("stratalog_upkeep_last_timestamp_seconds", 'kind="nudge"')]: "0+60x200",
    },
    at: 140,
    firing: ["UpkeepNotRunning"],
  },
  {
    name: "upkeep that runs on one of two servers",
    series: {
      [one("stratalog_upkeep_last_timestamp_seconds", 'kind="run"')]: "600x200",
      'stratalog_upkeep_last_timestamp_seconds{job="stratalog",instance="b",kind="run"}': "0+60x200",
    },
    at: 140,
    firing: [],
  },
  {
    name: "records that wait for their segment",
    series: { [one("stratalog_upkeep_overdue_seconds")]: "30000x90" },
    at: 80,
    firing: ["TierBacklog"],
  },
  {
    name: "a table that throttles",
    series: { [one("stratalog_storage_throttles_total", 'service="dynamodb"')]: "0+120x40" },
    at: 30,
    firing: ["StorageThrottled"],
  },
  {
    name: "a bucket that fails",
    series: { [one("stratalog_storage_failures_total", 'service="s3"')]: "0+30x40" },
    at: 30,
    firing: ["StorageErrors"],
  },
  {
    name: "a group that is behind in all its partitions together",
    series: Object.fromEntries(
      [0, 1, 2, 3].map((at) => [one("stratalog_group_lag", `group="g",topic="t",partition="${at}"`), "3000x40"]),
    ),
    at: 30,
    firing: ["Lag"],
  },
  {
    name: "lag that two servers tell of the same partition",
    series: {
      [one("stratalog_group_lag", 'group="g",topic="t",partition="0"')]: "6000x40",
      'stratalog_group_lag{job="stratalog",instance="b",group="g",topic="t",partition="0"}': "6000x40",
    },
    at: 30,
    firing: [],
  },
]
