/** What can be seen of a deployment from outside, without writing anything. */
import { StratalogError } from "../../client/errors.ts"
import { limits as knownLimits } from "../../protocol/limits.ts"
import type { Session } from "../session.ts"
import { clockDifference } from "./clock-difference.ts"
import { type Finding, fail, ok, warn } from "./finding.ts"
import { type Probe, probe } from "./probe.ts"
import { reachFinding, versionFinding } from "./reachability.ts"

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/
const LATENCY_PROBES = 10
const SLOW_MS = 500
const CLOCKS_AGREE_MS = 2_000
const MiB = 1024 ** 2

export async function* checkServer(session: Session): AsyncGenerator<Finding> {
  const live = await probe(session, "/v1/health/live")
  const reach = reachFinding(session.url, live)
  yield reach
  if (reach.status === "fail") return
  yield versionFinding(live)
  yield healthFinding(await probe(session, "/v1/health"))
  yield await limitsFinding(session)
  yield await clockFinding(session)
  yield await latencyFinding(session)
  yield* transportFindings(session.url)
  yield await contentFinding(session)
}

function healthFinding(health: Probe): Finding {
  const check = "health"
  if (health.kind === "failed")
    return fail(check, `It stopped answering: ${health.reason}.`, "Look at the server's log.")
  if (health.status === 200) return ok(check, "The storage takes appends.")
  if (codeOf(health.body) === "storage_full") {
    const free =
      "Free disk space, or let go of old records: `strata delete-records`, `strata topic alter <name> --config retention.ms=...`."
    return fail(check, "The storage is full: appends are refused.", free)
  }
  return fail(check, `Appends cannot be expected to succeed: it answers ${health.status}.`, "Look at the server's log.")
}

function codeOf(problem: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(problem)
    return typeof parsed === "object" && parsed !== null && "code" in parsed ? String(parsed.code) : undefined
  } catch {
    return undefined
  }
}

async function limitsFinding(session: Session): Promise<Finding> {
  const limits = await session.connect().limits({ signal: session.stop })
  const missing = Object.keys(knownLimits).filter((name) => !Object.hasOwn(limits, name))
  if (missing.length > 0) {
    const what = `The server does not know ${missing.join(", ")}: it is older than this command.`
    return warn("limits", what, "Update the server; until then what needs them is refused.")
  }
  const { maxBatchBytes, maxWaitMs } = limits
  return ok("limits", `Batches of up to ${maxBatchBytes / MiB} MiB, waits of up to ${maxWaitMs / 1000} s.`)
}

async function clockFinding(session: Session): Promise<Finding> {
  const answer = await probe(session, "/v1/health/live")
  const { date, sentAt, receivedAt } =
    answer.kind === "answered" ? answer : { date: undefined, sentAt: 0, receivedAt: 0 }
  const difference = date === undefined ? undefined : clockDifference({ date, sentAt, receivedAt })
  if (difference === undefined) {
    return warn("clock", "The answers have no Date header: the clocks cannot be compared.", "A proxy may take it out.")
  }
  if (Math.abs(difference) < CLOCKS_AGREE_MS) return ok("clock", "The clocks agree, as far as whole seconds show.")
  const which = difference > 0 ? "ahead of" : "behind"
  return warn(
    "clock",
    `The server's clock is ${(Math.abs(difference) / 1000).toFixed(1)} s ${which} this one.`,
    "Set both by NTP: records carry their producer's time, and retention and reading by time go by it.",
  )
}

async function latencyFinding(session: Session): Promise<Finding> {
  const times: number[] = []
  for (let request = 0; request < LATENCY_PROBES; request++) {
    const answer = await probe(session, "/v1/health/live")
    if (answer.kind === "answered") times.push(answer.elapsedMs)
  }
  times.sort((a, b) => a - b)
  const [median, worst] = [times[times.length >> 1], times.at(-1)]
  if (median === undefined || worst === undefined || times.length < LATENCY_PROBES) {
    const lost = `${LATENCY_PROBES - times.length} of ${LATENCY_PROBES} requests were not answered.`
    return fail("latency", lost, "Look for an overloaded server or a network that drops packets.")
  }
  const detail = `${LATENCY_PROBES} requests took ${median.toFixed(1)} ms in the middle, ${worst.toFixed(1)} ms at most.`
  if (median <= SLOW_MS) return ok("latency", detail)
  return warn("latency", detail, "Move closer to the server, or let producers gather larger batches (lingerMs).")
}

function* transportFindings(url: string): Generator<Finding> {
  const { protocol, hostname } = new URL(url)
  if (LOOPBACK.test(hostname)) return
  if (protocol === "http:") {
    yield warn(
      "transport",
      "Records go over the network in the clear.",
      "Put TLS in front of the server: a reverse proxy.",
    )
  }
  yield warn(
    "access",
    "It answered without asking who asks: whoever reaches it may read and write everything.",
    "Let only those reach it who may: a firewall, a security group, or a proxy that asks.",
  )
}

async function contentFinding(session: Session): Promise<Finding> {
  const { topics, groups } = session.connect()
  const { stop: signal } = session
  let [topicCount, partitionCount, groupCount] = [0, 0, 0]
  try {
    for await (const { partitions } of topics.list({ signal })) {
      topicCount++
      partitionCount += partitions
    }
    for await (const _ of groups.list({ signal })) groupCount++
  } catch (error) {
    if (!(error instanceof StratalogError)) throw error
    return fail("content", `Topics or groups cannot be listed: ${error.detail}`, "Look at the server's log.")
  }
  return ok("content", `${topicCount} topics with ${partitionCount} partitions, ${groupCount} groups.`)
}
