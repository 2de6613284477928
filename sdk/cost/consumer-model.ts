/** What a member of a consumer group costs in a month on DynamoDB and Lambda: `npm run cost` counts what its polls ask for. */
import type { Prices } from "./prices.ts"
import { DYNAMODB_MS, WORK_MS } from "./rates.ts"
import { type FrontDoor, MONTH_SECONDS } from "./workload.ts"

export interface GroupConsumer {
  /** From the beginning of one poll to that of the next. */
  readonly intervalSeconds: number
  /** That it reads, all of one topic. */
  readonly partitions: number
  /** Every poll brings a batch from each partition and commits those of the poll before; otherwise there are none. */
  readonly isBusy: boolean
  /** How long a poll waits in the function where there are no records; a part of the interval. */
  readonly waitMs: number
  readonly frontDoor: FrontDoor
  /** Of the Lambda function. */
  readonly memoryMiB: number
}

/** Dollars a month. What comes for the records themselves beside the look at their partition is a fetch's, and not here. */
export interface GroupConsumerCost {
  readonly dynamoDb: number
  readonly lambda: number
  readonly httpApi: number
  readonly total: number
}

/** What one poll asks of DynamoDB, in a group whose state and members are read by one unit, as those of some thirty are. */
export function pollUnits({ partitions, isBusy, waitMs }: Pick<GroupConsumer, "partitions" | "isBusy" | "waitMs">): {
  readonly writeUnits: number
  readonly readUnits: number
} {
  // That the member was here; all members.
  const [noted, members] = [1, 1]
  if (!isBusy) return { writeUnits: noted, readUnits: members + partitions * (1 + looksWhileWaiting(waitMs)) }
  // A commit is checked against the end of each partition; then each is read.
  return { writeUnits: noted + commitUnits(partitions), readUnits: members + 2 * partitions }
}

export function groupConsumerCost(consumer: GroupConsumer, prices: Prices): GroupConsumerCost {
  const { intervalSeconds, isBusy, waitMs, frontDoor, memoryMiB } = consumer
  const polls = MONTH_SECONDS / intervalSeconds
  const { writeUnits, readUnits } = pollUnits(consumer)
  const milliseconds = WORK_MS + DYNAMODB_MS * (isBusy ? BUSY_ROUND_TRIPS : IDLE_ROUND_TRIPS) + (isBusy ? 0 : waitMs)
  const gbSeconds = (milliseconds / 1000) * (memoryMiB / 1024)
  const dynamoDb = polls * (writeUnits * prices.dynamoDb.writeUnit + readUnits * prices.dynamoDb.readUnit)
  const lambda = polls * (prices.lambda.request + gbSeconds * prices.lambda.gbSecond)
  const httpApi = frontDoor === "http-api" ? polls * prices.httpApi.request : 0
  return { dynamoDb, lambda, httpApi, total: dynamoDb + lambda + httpApi }
}

/** The touch, the members, the partitions; with a commit their ends and the commit as well. */
const IDLE_ROUND_TRIPS = 3
const BUSY_ROUND_TRIPS = 5

/** Offsets of so many neighbouring partitions are one item. */
const PARTITIONS_PER_ITEM = 32

/** Several items are a transaction, which costs twice as much. */
function commitUnits(partitions: number): number {
  const items = Math.ceil(partitions / PARTITIONS_PER_ITEM)
  return items === 1 ? 1 : 2 * items
}

/** The first pause between two looks at a partition, what each is longer than the one before, and the longest. */
export const LOOKS = { firstMs: 50, growth: 1.5, longestMs: 1_000 } as const

function looksWhileWaiting(waitMs: number): number {
  let looks = 0
  let pause: number = LOOKS.firstMs
  for (let at = pause; at <= waitMs; at += pause) {
    looks += 1
    pause = Math.min(pause * LOOKS.growth, LOOKS.longestMs)
  }
  return looks
}
