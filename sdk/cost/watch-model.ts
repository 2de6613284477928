/** What it costs to watch a deployment with `strata top`: each look asks about every topic and group that is shown. */
import type { Prices } from "./prices.ts"
import { DYNAMODB_MS, WORK_MS } from "./rates.ts"
import type { FrontDoor } from "./workload.ts"

export interface Watching {
  readonly topics: number
  /** Of each topic; a group reads one of them. */
  readonly partitions: number
  readonly groups: number
  readonly frontDoor: FrontDoor
  /** Of the Lambda functions. */
  readonly memoryMiB: number
}

type Watched = Pick<Watching, "topics" | "partitions" | "groups">

/** What one look asks for: the front door of requests, and DynamoDB of read units. Health and upkeep, asked seldom, are not in it. */
export interface LookRequests {
  readonly requests: number
  readonly readUnits: number
}

/** Of each: a page of topics, one of groups; a topic's ends; a group's members, and its lag. */
export function lookRequests({ topics, partitions, groups }: Watched): LookRequests {
  return {
    requests: 2 + topics + 2 * groups,
    readUnits: LIST_UNITS + topics * (1 + partitions) + groups * (GROUP_UNITS + partitions),
  }
}

/** The page of topics and the end of that of groups. */
const LIST_UNITS = 2
/** Of a group: to find it in the list; its members and its offsets, once for its description and once for its lag. */
const GROUP_UNITS = 5

/** Dollars. */
export function lookCost(watching: Watching, prices: Prices): number {
  const { requests, readUnits } = lookRequests(watching)
  const gbSeconds = (functionMs(watching) / 1000) * (watching.memoryMiB / 1024)
  return (
    requests * (prices.lambda.request + (watching.frontDoor === "http-api" ? prices.httpApi.request : 0)) +
    gbSeconds * prices.lambda.gbSecond +
    readUnits * prices.dynamoDb.readUnit
  )
}

/** A topic's partitions, and the groups of a list, are read one after another; a group's partitions at once. */
function functionMs({ topics, partitions, groups }: Watched): number {
  const lists = 2 * WORK_MS + DYNAMODB_MS * (2 + groups)
  return lists + topics * (WORK_MS + DYNAMODB_MS * partitions) + groups * (2 * WORK_MS + 4 * DYNAMODB_MS)
}
