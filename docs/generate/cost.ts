/** The tables of docs/cost.md, made from the price table and the functions that decide and estimate. The text is written by hand. */
import { readFileSync } from "node:fs"
import {
  alternatives,
  decidePlacement,
  defaultWorkload,
  dynamoDbPlacementLimits,
  estimate,
  type GroupConsumer,
  groupConsumerCost,
  lookCost,
  lookRequests,
  MONTH_HOURS,
  type PlacementWish,
  placementCost,
  placementQuestion,
  prices,
  restCost,
  type Workload,
} from "stratalog/cost"
import { table } from "./markdown.ts"
import { withSection } from "./sections.ts"

const KiB = 1024
const MiB = 1024 * KiB
const GB = 1024 * MiB

const SECTIONS: Readonly<Record<string, () => string>> = {
  prices: pricesTable,
  placement: placementTable,
  examples: examplesTable,
  consumers: consumersTable,
  crossings: crossingsTable,
  rest: restTable,
  watching: watchingTable,
  fixed: fixedTable,
}

/** The document with its tables made anew. */
export function costMarkdown(): string {
  const written = readFileSync(new URL("../cost.md", import.meta.url), "utf8")
  return Object.entries(SECTIONS).reduce(
    (text, [name, made]) => withSection(text, "docs/cost.md", name, made()),
    written,
  )
}

function pricesTable(): string {
  const { dynamoDb, s3, lambda, httpApi } = prices
  const million = (price: number) => `${dollars(price * 1e6)} a million`
  return table(
    ["what", "USD", "counted as"],
    [
      [
        "DynamoDB write unit",
        million(dynamoDb.writeUnit),
        "each KiB of the item written or deleted, begun; a failed condition too",
      ],
      ["DynamoDB read unit", million(dynamoDb.readUnit), "each 4 KiB read, begun"],
      ["S3 PUT, LIST", million(s3.put), "each request, whatever its size"],
      ["S3 GET", million(s3.get), "each request; deletes cost nothing"],
      ["S3 storage", `${dollars(s3.gbMonth)} a GB and month`, ""],
      ["DynamoDB storage", `${dollars(dynamoDb.gbMonth)} a GB and month`, "what is not in segments yet"],
      ["Lambda request", million(lambda.request), ""],
      [
        "Lambda time (arm64)",
        `${lambda.gbSecond} a GB-second`,
        "memory times the time a request takes, its waiting included",
      ],
      ["HTTP API", million(httpApi.request), "each 512 KiB of a request, begun; a function URL costs nothing"],
    ],
  )
}

const BATCH_SIZES = [100, 300, 800, KiB, 2 * KiB, 3 * KiB, 4 * KiB, 16 * KiB, 64 * KiB, 256 * KiB, MiB, 4 * MiB]

function placementTable(): string {
  const rows = BATCH_SIZES.map((bytes) => [size(bytes), ...cellsOf(bytes, "cost"), ...cellsOf(bytes, "latency")])
  return table(["records of a batch", "cost", "a million", "a GB", "latency", "a million", "a GB"], rows)
}

/** A batch of one record of about this size, or of as many as fit. */
function cellsOf(bytes: number, placement: PlacementWish): string[] {
  const recordBytes = bytes >= 4 * MiB ? bytes - KiB : bytes
  const question = placementQuestion({ ...defaultWorkload, recordBytes, recordsPerRequest: 1, placement })
  const kind = decidePlacement(question, dynamoDbPlacementLimits, prices)
  const each = placementCost(kind, question, dynamoDbPlacementLimits, prices)
  return [kind, dollars(each * 1e6), dollars((each * GB) / bytes)]
}

const EXAMPLES: readonly (readonly [string, Partial<Workload>])[] = [
  ["nobody calls", { recordsPerSecond: 0, fetchesPerSecond: 0 }],
  ["0.1 /s, looked at once a minute", { recordsPerSecond: 0.1, fetchesPerSecond: 1 / 60 }],
  ["1 /s, one a request", { recordsPerSecond: 1 }],
  ["10 /s, one a request", { recordsPerSecond: 10 }],
  ["100 /s, one a request", { recordsPerSecond: 100 }],
  ["100 /s, 50 a request", { recordsPerSecond: 100, recordsPerRequest: 50 }],
  ["1,000 /s, 500 a request", { recordsPerSecond: 1_000, recordsPerRequest: 500, fetchesPerSecond: 2 }],
  [
    "10,000 /s, 1,000 a request, 10 partitions",
    { recordsPerSecond: 10_000, recordsPerRequest: 1_000, partitions: 10, fetchesPerSecond: 10 },
  ],
  [
    "50,000 /s, 1,000 a request, 50 partitions",
    { recordsPerSecond: 50_000, recordsPerRequest: 1_000, partitions: 50, fetchesPerSecond: 50 },
  ],
]

function examplesTable(): string {
  const rows = EXAMPLES.map(([what, change]) => {
    const workload: Workload = { ...defaultWorkload, ...change }
    const ours = estimate(workload, prices)
    const withoutDoor = estimate({ ...workload, frontDoor: "function-url" }, prices)
    const others = alternatives(workload, prices).map((other) => dollars(other.dollars))
    return [what, dollars(ours.dollars), dollars(withoutDoor.dollars), ...others]
  })
  return table(
    ["records of 1 KiB", "HTTP API", "function URL", "Kinesis on demand", "Kinesis provisioned", "MSK Serverless"],
    rows,
  )
}

const CONSUMERS: readonly (readonly [string, Partial<GroupConsumer>])[] = [
  ["idle, asks every 5 s", { intervalSeconds: 5 }],
  ["idle, asks every 20 s", { intervalSeconds: 20 }],
  ["idle, asks every 60 s", { intervalSeconds: 60 }],
  ["idle, waits 5 s in each poll", { intervalSeconds: 5, waitMs: 5_000 }],
  ["busy, a poll a second", { intervalSeconds: 1, isBusy: true }],
  ["busy, ten polls a second", { intervalSeconds: 0.1, isBusy: true }],
]
const CONSUMED_PARTITIONS = [1, 8, 32]

function consumersTable(): string {
  const rows = CONSUMERS.flatMap(([what, change]) =>
    CONSUMED_PARTITIONS.map((partitions) => {
      const { memoryMiB } = defaultWorkload
      const frontDoor = "http-api"
      const consumer = { intervalSeconds: 1, isBusy: false, waitMs: 0, memoryMiB, ...change, partitions }
      const cost = groupConsumerCost({ ...consumer, frontDoor }, prices)
      const { dynamoDb, lambda, httpApi, total } = cost
      return [what, String(partitions), ...[dynamoDb, lambda, httpApi, total, total - httpApi].map(dollars)]
    }),
  )
  return table(["a consumer", "partitions", "DynamoDB", "Lambda", "HTTP API", "together", "with a function URL"], rows)
}

const REQUEST_SIZES = [1, 10, 100, 1_000]

function crossingsTable(): string {
  const rows = REQUEST_SIZES.map((recordsPerRequest) => {
    const others = alternatives(defaultWorkload, prices).map(({ name }) => crossing(recordsPerRequest, name))
    return [String(recordsPerRequest), ...others]
  })
  return table(["records a request", "Kinesis on demand", "Kinesis provisioned", "MSK Serverless"], rows)
}

const LAST_RATE = 100_000

/** The lowest rate at which another service costs less. A larger one may again cost more, by its steps. */
function crossing(recordsPerRequest: number, name: string): string {
  for (let rate = 0.01; rate <= LAST_RATE; rate *= 1.02) {
    const workload: Workload = {
      ...defaultWorkload,
      recordsPerSecond: rate,
      recordsPerRequest,
      partitions: Math.max(1, Math.ceil(rate / 1_000)),
      frontDoor: "function-url",
    }
    const other = alternatives(workload, prices).find((each) => each.name === name)?.dollars ?? 0
    if (other < estimate(workload, prices).dollars) return `${Number(rate.toPrecision(2)).toLocaleString("en-US")} /s`
  }
  return `not up to ${LAST_RATE.toLocaleString("en-US")} /s`
}

const RUNS_A_MONTH = { "1h": MONTH_HOURS, "5m": MONTH_HOURS * 12, "6h": 0 }
const SWEEPS_A_MONTH = MONTH_HOURS / 6
const UPKEEP_MEMORY_MIB = 1_024

function restTable(): string {
  const rows = [1, 10, 100, 1_000].map((partitions) => {
    const cost = (every: keyof typeof RUNS_A_MONTH) => {
      const runsAMonth = { upkeep: RUNS_A_MONTH[every], sweep: SWEEPS_A_MONTH }
      return restCost({ partitions, runsAMonth, memoryMiB: UPKEEP_MEMORY_MIB }, prices)
    }
    const { dynamoDb, s3, lambda, total } = cost("1h")
    const others = [cost("6h").total, cost("5m").total]
    return [partitions.toLocaleString("en-US"), ...[dynamoDb, s3, lambda, total, ...others].map(dollars)]
  })
  const head = ["partitions", "DynamoDB", "S3", "Lambda", "together, `upkeep=1h`", "with `6h`", "with `5m`"]
  return table(head, rows)
}

const WATCHED = [
  { topics: 1, partitions: 1, groups: 1 },
  { topics: 10, partitions: 3, groups: 10 },
  { topics: 10, partitions: 32, groups: 10 },
  { topics: 100, partitions: 3, groups: 100 },
]

function watchingTable(): string {
  const rows = WATCHED.map((watched) => {
    const { requests, readUnits } = lookRequests(watched)
    const look = lookCost({ ...watched, frontDoor: "http-api", memoryMiB: defaultWorkload.memoryMiB }, prices)
    const figures = [...Object.values(watched), requests, readUnits].map((figure) => figure.toLocaleString("en-US"))
    return [...figures, ...[360, 360 * MONTH_HOURS, 60 * MONTH_HOURS].map((looks) => dollars(look * looks))]
  })
  const head = ["topics", "partitions of each", "groups", "requests a look", "read units a look"]
  return table([...head, "an hour, every 10 s", "a month, every 10 s", "a month, every minute"], rows)
}

function fixedTable(): string {
  const { dynamoDb, s3, logs, kms, route53 } = prices
  const gbMonth = (price: number) => `${dollars(price)} a GB and month`
  return table(
    ["what", "USD", "when"],
    [
      ["segments and large batches in S3", gbMonth(s3.gbMonth), "always; most of the log lies there"],
      ["the table", gbMonth(dynamoDb.gbMonth), "always; the index, and what is younger than some hours"],
      ["point-in-time recovery", gbMonth(dynamoDb.recoveryGbMonth), "always; of the table's size"],
      [
        "what S3 keeps of removed objects",
        gbMonth(s3.gbMonth),
        "for the days of `objectHistory`, so that the log can be [restored](backup.md)",
      ],
      [
        "logs",
        `${gbMonth(logs.gbMonth)}, ${dollars(logs.gbIn)} a GB written`,
        "always; a line for each run, kept for a month",
      ],
      ["a key of your own", `${dollars(kms.keyMonth)} a month`, "where the deployment has one"],
      ["a hosted zone", `${dollars(route53.zoneMonth)} a month`, "where you have one for a domain of your own"],
    ],
  )
}

function size(bytes: number): string {
  if (bytes >= MiB) return `${bytes / MiB} MiB`
  return bytes >= KiB ? `${bytes / KiB} KiB` : `${bytes} B`
}

function dollars(value: number): string {
  if (value === 0) return "0"
  if (value >= 100) return Math.round(value).toLocaleString("en-US")
  return value >= 1 ? value.toFixed(2) : String(Number(value.toPrecision(3)))
}
