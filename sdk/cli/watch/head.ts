/** The lines above the tables: where, when, how it is kept up, and what is not shown. */
import type { UpkeepStatus } from "../../protocol/schemas/upkeep.ts"
import { counted } from "../format/counted.ts"
import { printable } from "../format/printable.ts"
import { timeLeft } from "../format/time-left.ts"
import type { Look, ServiceLook } from "./look.ts"
import type { Order } from "./order.ts"
import { rateText, roundedRate } from "./rate-text.ts"
import { MOST_PARTITIONS } from "./scope.ts"
import type { ServerFigures } from "./server-figures.ts"
import type { Style } from "./tables.ts"
import { type Trouble, troubleText } from "./trouble.ts"

export interface Heading {
  readonly title: string
  readonly url: string
  readonly look: Look
  /** Undefined where it is not shown. */
  readonly service: ServiceLook | undefined
  readonly trouble: Trouble | undefined
  readonly order: Order
  readonly intervalMs: number
  /** Epoch milliseconds. */
  readonly now: number
}

/** Error codes that are told, most first. */
const MOST_CODES = 3
/** In a local time such as `2026-11-21 08:00:00.123`. */
const TIME_OF_DAY = [11, 19] as const

export function headLines(heading: Heading, style: Style): readonly string[] {
  const { title, url, look, service, trouble, order, intervalMs, now } = heading
  const { paint, show, isTerminal } = style
  const first = [
    paint("bold", title),
    isTerminal ? show.time(look.time).slice(...TIME_OF_DAY) : show.time(look.time),
    url,
    ...(service?.version == null ? [] : [service.version]),
    `every ${intervalMs / 1000} s`,
    `${counted(look.requests, "request")} a look`,
    `by ${order}`,
  ]
  return [
    first.join("  "),
    ...(trouble === undefined ? [] : [paint("red", troubleText(trouble, now))]),
    ...(service === undefined ? [] : serviceLines(service, style, now)),
    ...untoldLines(look).map((line) => paint("yellow", line)),
  ]
}

function serviceLines({ unhealthy, upkeep, server }: ServiceLook, style: Style, now: number): readonly string[] {
  return [
    ...(unhealthy === null ? [] : [style.paint("red", `Appends are refused: ${printable(unhealthy)}`)]),
    ...(server === null ? [] : [serverText(server, style, now)]),
    ...(upkeep === null ? [] : [upkeepText(upkeep, style, now)]),
  ]
}

function serverText(server: ServerFigures, style: Style, now: number): string {
  const { startedAt, requestsPerSecond, errorsPerSecond, appendP99Seconds, waitingReaders, connections } = server
  const { paint, show } = style
  const errors = errorsPerSecond.slice(0, MOST_CODES).map(({ code, perSecond }) => {
    return `${printable(code)} ${rateText(perSecond, style)}/s`
  })
  return [
    `up ${timeLeft(Math.max(0, now / 1000 - startedAt))}`,
    ...(requestsPerSecond === null ? [] : [`${rateText(requestsPerSecond, style)} requests/s`]),
    ...errors.map((error) => paint("yellow", error)),
    ...(appendP99Seconds === null ? [] : [`99 % of appends in ${roundedRate(appendP99Seconds * 1000)} ms`]),
    `${show.count(waitingReaders)} readers wait`,
    `${show.count(connections)} connections`,
  ].join("  ")
}

function upkeepText({ lastRun, lastRound }: UpkeepStatus, { paint, show }: Style, now: number): string {
  if (lastRun === null) return "upkeep has not run yet"
  const failures = Math.max(lastRun.failures.count, lastRound?.failures.count ?? 0)
  const { waitingBytes = 0, overduePartitions = 0 } = lastRound?.backlog ?? {}
  return [
    `upkeep ended ${timeLeft(Math.max(0, now - lastRun.endedAt) / 1000)} ago`,
    ...(failures === 0 ? [] : [paint("red", `${show.count(failures)} failures: see \`strata doctor\``)]),
    ...(lastRound === null ? [] : [`${show.bytes(waitingBytes)} wait to be tiered`]),
    ...(overduePartitions === 0 ? [] : [paint("yellow", `${show.count(overduePartitions)} partitions overdue`)]),
  ].join("  ")
}

/** What is not shown. */
export function untoldLines({ more, denied, topics, groups }: Look): readonly string[] {
  const first = [
    ...(more.topics ? [`${topics.length} topics`] : []),
    ...(more.groups ? [`${groups.length} groups`] : []),
  ].join(" and ")
  return [
    ...(first === ""
      ? []
      : [
          `Only ${first}, the first by name: --topic-prefix and --group-prefix choose; --most takes more, up to ${MOST_PARTITIONS.toLocaleString("en-US")} partitions of topics.`,
        ]),
    ...(denied === 0 ? [] : [`${denied} more may not be looked at by this caller.`]),
  ]
}
