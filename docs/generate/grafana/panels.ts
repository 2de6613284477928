/** What Grafana's dashboard shows, from what clients see down to the disk. `$of` stands for the servers that are looked at. */

export interface Panel {
  readonly title: string
  /** What it tells, for who has never seen it. */
  readonly text: string
  /** Grafana's name of the unit. */
  readonly unit: string
  /** What each line is called -> its expression. */
  readonly lines: Readonly<Record<string, string>>
  /** One figure instead of lines over time. */
  readonly stat?: true
  readonly stacked?: true
}

export interface Row {
  readonly title: string
  readonly panels: readonly Panel[]
}

const p99 = (histogram: string, by: string) =>
  `histogram_quantile(0.99, sum by (${by}le) (rate(${histogram}_bucket{$of}[$__rate_interval])))`
const rate = (counter: string, by: string, also = "") =>
  `sum by (${by}) (rate(${counter}{$of${also}}[$__rate_interval]))`

export const rows: readonly Row[] = [
  {
    title: "At a glance",
    panels: [
      stat("Servers", "That answer scrapes.", "none", "sum(up{$of})"),
      stat("Not ready", "Servers that cannot append.", "none", "count(stratalog_ready{$of} == 0) or vector(0)"),
      stat(
        "Records in",
        "Appended a second.",
        "short",
        "sum(rate(stratalog_records_appended_total{$of}[$__rate_interval]))",
      ),
      stat("Records out", "Read a second.", "short", "sum(rate(stratalog_records_read_total{$of}[$__rate_interval]))"),
      stat(
        "5xx",
        "Share of requests that the service failed.",
        "percentunit",
        'sum(rate(stratalog_http_requests_total{$of,status=~"5.."}[$__rate_interval])) / sum(rate(stratalog_http_requests_total{$of}[$__rate_interval])) or vector(0)',
      ),
      stat(
        "Largest lag",
        "Of a group, records still to read.",
        "short",
        "max(sum by (group) (max by (group, topic, partition) (stratalog_group_lag{$of}))) or vector(0)",
      ),
    ],
  },
  {
    title: "Requests",
    panels: [
      {
        title: "Requests",
        text: "A second, by route.",
        unit: "reqps",
        lines: { "{{route}}": rate("stratalog_http_requests_total", "route") },
        stacked: true,
      },
      {
        title: "Error answers",
        text: "A second, by code; docs/errors.md says what each means.",
        unit: "reqps",
        lines: { "{{code}}": rate("stratalog_http_errors_total", "code") },
      },
      {
        title: "Latency, p99",
        text: "By route. Fetches and polls include the time that they wait for records.",
        unit: "s",
        lines: { "{{route}}": p99("stratalog_http_request_duration_seconds", "route, ") },
      },
      {
        title: "Waiting readers",
        text: "Fetches and polls that wait for records.",
        unit: "short",
        lines: { "{{instance}}": "stratalog_waiting_readers{$of}" },
      },
    ],
  },
  {
    title: "Records",
    panels: [
      {
        title: "Records",
        text: "A second. Duplicates were retries that were there already.",
        unit: "short",
        lines: {
          appended: "sum(rate(stratalog_records_appended_total{$of}[$__rate_interval]))",
          read: "sum(rate(stratalog_records_read_total{$of}[$__rate_interval]))",
          duplicates: "sum(rate(stratalog_records_duplicate_total{$of}[$__rate_interval]))",
        },
      },
      {
        title: "Bytes of record batches",
        text: "A second.",
        unit: "Bps",
        lines: {
          appended: "sum(rate(stratalog_appended_bytes_total{$of}[$__rate_interval]))",
          read: "sum(rate(stratalog_read_bytes_total{$of}[$__rate_interval]))",
        },
      },
      {
        title: "Appends and reads, p99",
        text: "Inside of the log, without waiting and without the network.",
        unit: "s",
        lines: {
          append: p99("stratalog_append_duration_seconds", ""),
          read: p99("stratalog_read_duration_seconds", ""),
        },
      },
      {
        title: "Appends refused",
        text: "A second, by reason: conditions that were not met, and failures.",
        unit: "short",
        lines: { "{{reason}}": rate("stratalog_appends_refused_total", "reason") },
      },
    ],
  },
  {
    title: "Topics and groups",
    panels: [
      {
        title: "Lag by group",
        text: "Records still to read, all partitions together.",
        unit: "short",
        lines: { "{{group}}": "sum by (group) (max by (group, topic, partition) (stratalog_group_lag{$of}))" },
      },
      {
        title: "The ten partitions with the most lag",
        text: "One that stands out has a key, or a consumer, that holds it up.",
        unit: "short",
        lines: {
          "{{group}} {{topic}}/{{partition}}": "topk(10, max by (group, topic, partition) (stratalog_group_lag{$of}))",
        },
      },
      {
        title: "Members of groups",
        text: "",
        unit: "short",
        lines: { "{{group}}": "max by (group) (stratalog_group_members{$of})" },
      },
      {
        title: "Bytes by topic",
        text: "Of record batches that can be read.",
        unit: "bytes",
        lines: { "{{topic}}": "max by (topic) (stratalog_topic_bytes{$of})" },
        stacked: true,
      },
      {
        title: "Records appended by topic",
        text: "A second.",
        unit: "short",
        lines: { "{{topic}}": "max by (topic) (rate(stratalog_topic_records_total{$of}[$__rate_interval]))" },
      },
    ],
  },
  {
    title: "The embedded log's disk",
    panels: [
      {
        title: "Syncs, p99",
        text: "Writing a group of entries and syncing it.",
        unit: "s",
        lines: { "{{instance}}": p99("stratalog_journal_flush_duration_seconds", "instance, ") },
      },
      {
        title: "Entries that share a sync",
        text: "On average.",
        unit: "short",
        lines: {
          "{{instance}}":
            "sum by (instance) (rate(stratalog_journal_flush_entries_sum{$of}[$__rate_interval])) / sum by (instance) (rate(stratalog_journal_flush_entries_count{$of}[$__rate_interval]))",
        },
      },
      {
        title: "Journal",
        text: "Bytes of its files, and of what is in memory of them.",
        unit: "bytes",
        lines: {
          "files {{instance}}": "stratalog_journal_bytes{$of}",
          "in memory {{instance}}": "stratalog_journal_cached_bytes{$of}",
        },
      },
      {
        title: "Failures of the journal",
        text: "",
        unit: "short",
        lines: { "{{instance}}": "increase(stratalog_journal_failures_total{$of}[$__rate_interval])" },
      },
    ],
  },
  {
    title: "DynamoDB and S3",
    panels: [
      {
        title: "Requests to storage",
        text: "A second, each attempt for itself.",
        unit: "reqps",
        lines: { "{{service}} {{operation}}": rate("stratalog_storage_requests_total", "service, operation") },
        stacked: true,
      },
      {
        title: "Throttled, failed",
        text: "A second. Conditions that were not met are no failures.",
        unit: "reqps",
        lines: {
          "{{service}} throttled": rate("stratalog_storage_throttles_total", "service"),
          "{{service}} failed": rate("stratalog_storage_failures_total", "service"),
        },
      },
      {
        title: "Storage latency, p99",
        text: "",
        unit: "s",
        lines: { "{{service}}": p99("stratalog_storage_request_duration_seconds", "service, ") },
      },
      {
        title: "Conditional writes that met something else",
        text: "A second, by what it was.",
        unit: "short",
        lines: { "{{reason}}": rate("stratalog_conditional_failures_total", "reason") },
      },
      {
        title: "Units of DynamoDB",
        text: "A second.",
        unit: "short",
        lines: {
          written: "sum(rate(stratalog_dynamodb_write_units_total{$of}[$__rate_interval]))",
          read: "sum(rate(stratalog_dynamodb_read_units_total{$of}[$__rate_interval]))",
        },
      },
      {
        title: "Estimated cost",
        text: "Dollars a month, if all went on like this; by the price list of us-east-1.",
        unit: "currencyUSD",
        lines: { "{{item}}": `730 * 3600 * ${rate("stratalog_estimated_cost_dollars_total", "item")}` },
        stacked: true,
      },
    ],
  },
  {
    title: "Upkeep",
    panels: [
      {
        title: "Since the last run",
        text: "By what it was.",
        unit: "s",
        lines: { "{{kind}}": "time() - max by (kind) (stratalog_upkeep_last_timestamp_seconds{$of})" },
      },
      {
        title: "Failed steps",
        text: "",
        unit: "short",
        lines: { "{{instance}}": "increase(stratalog_upkeep_failures_total{$of}[$__rate_interval])" },
      },
      {
        title: "Backlog",
        text: "Bytes that lie in no segment yet.",
        unit: "bytes",
        lines: { bytes: "max(stratalog_upkeep_backlog_bytes{$of})" },
      },
      {
        title: "Age of what is overdue",
        text: "Of the oldest records that are to lie in a segment by now.",
        unit: "s",
        lines: { age: "max(stratalog_upkeep_overdue_seconds{$of})" },
      },
    ],
  },
  {
    title: "The process",
    panels: [
      {
        title: "CPU",
        text: "1 is a core.",
        unit: "short",
        lines: { "{{instance}}": "rate(process_cpu_seconds_total{$of}[$__rate_interval])" },
      },
      {
        title: "Memory",
        text: "",
        unit: "bytes",
        lines: { "{{instance}}": "process_resident_memory_bytes{$of}" },
      },
      {
        title: "Event loop, p99",
        text: "How long a request waits before anybody looks at it.",
        unit: "s",
        lines: { "{{instance}}": "nodejs_eventloop_lag_p99_seconds{$of}" },
      },
      {
        title: "Connections",
        text: "",
        unit: "short",
        lines: { "{{instance}}": "stratalog_connections{$of}" },
      },
      {
        title: "Network",
        text: "A second, headers included.",
        unit: "Bps",
        lines: {
          received: "sum(rate(stratalog_network_receive_bytes_total{$of}[$__rate_interval]))",
          sent: "sum(rate(stratalog_network_transmit_bytes_total{$of}[$__rate_interval]))",
        },
      },
    ],
  },
]

function stat(title: string, text: string, unit: string, expr: string): Panel {
  return { title, text, unit, lines: { [title]: expr }, stat: true }
}
