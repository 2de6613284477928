/** What both watching commands take. */
import { type Command, InvalidArgumentError, Option } from "commander"
import { isLoopback } from "../loopback.ts"
import { integer } from "../parse/integer.ts"
import { duration } from "../parse/size.ts"
import type { Session } from "../session.ts"
import { type Order, orders } from "./order.ts"
import { MOST_NAMES, type Scope } from "./scope.ts"

export interface WatchOptions {
  readonly interval?: number
  readonly count?: number
  readonly sort: Order
  readonly topicPrefix?: string
  readonly groupPrefix?: string
  readonly most: number
}

const LOCAL_INTERVAL_MS = 2_000
/** Where each look may be paid for by its requests. */
const REMOTE_INTERVAL_MS = 10_000
const SHORTEST_INTERVAL_MS = 100
const LONGEST_INTERVAL_MS = 86_400_000
const DEFAULT_MOST = 100

export function withWatchOptions(command: Command): Command {
  return command
    .option("--interval <time>", "the pause between two looks (default: 2s, 10s for another machine)", interval)
    .option("--count <n>", "end after so many looks; rates need two", integer(1))
    .addOption(new Option("--sort <order>", "what comes first").choices(orders).default("lag"))
    .option("--topic-prefix <text>", "only topics whose names begin so")
    .option("--group-prefix <text>", "only groups whose names begin so")
    .addOption(
      new Option("--most <n>", "no more topics, and no more groups, than these")
        .argParser(integer(1, MOST_NAMES))
        .default(DEFAULT_MOST),
    )
}

export function intervalOf({ url }: Pick<Session, "url">, { interval }: WatchOptions): number {
  return interval ?? (isLoopback(new URL(url).hostname) ? LOCAL_INTERVAL_MS : REMOTE_INTERVAL_MS)
}

export function scopeOf(
  { topicPrefix = "", groupPrefix = "", most }: WatchOptions,
  of: Pick<Scope, "topics" | "groups">,
): Scope {
  return { ...of, topicPrefix, groupPrefix, most }
}

function interval(text: string): number {
  const milliseconds = duration(text)
  if (milliseconds >= SHORTEST_INTERVAL_MS && milliseconds <= LONGEST_INTERVAL_MS) return milliseconds
  throw new InvalidArgumentError("It must be from 100ms to 1d.")
}
