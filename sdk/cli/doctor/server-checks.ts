/** What can be seen of a deployment from outside, without writing anything. */
import { NotAuthorizedError, StratalogError } from "../../client/errors.ts"
import { limits as knownLimits } from "../../protocol/limits.ts"
import { allowLine } from "../acl/allow-lines.ts"
import { answered } from "../answered.ts"
import { MARKS_GROUP } from "../copy/mark.ts"
import { counted } from "../format/counted.ts"
import { isLoopback } from "../loopback.ts"
import type { Session } from "../session.ts"
import { accessFinding } from "./access-check.ts"
import { clockDifference } from "./clock-difference.ts"
import { type Finding, fail, ok, warn } from "./finding.ts"
import { groupsFinding, type LagOfGroup } from "./groups-finding.ts"
import { codeOf } from "./own-answer.ts"
import { partsFinding } from "./parts-check.ts"
import { type Probe, probe } from "./probe.ts"
import { reachFinding, versionFinding } from "./reachability.ts"
import { upkeepFindings } from "./upkeep-findings.ts"

const LATENCY_PROBES = 10
const SLOW_MS = 500
const CLOCKS_AGREE_MS = 2_000
const MiB = 1024 ** 2
/** A request each. */
const MOST_GROUPS = 20
const LOOK = "Look at the server's log."

export async function* checkServer(session: Session): AsyncGenerator<Finding> {
  const live = await probe(session, "/v1/health/live")
  const reach = reachFinding(session, live)
  yield reach
  if (reach.status === "fail") return
  yield versionFinding(live)
  yield healthFinding(await probe(session, "/v1/health"))
  const access = await accessFinding(session)
  if (access !== undefined) yield access
  if (access?.status === "fail") return
  yield await partsFinding(session)
  yield await limitsFinding(session)
  yield await clockFinding(session)
  yield await latencyFinding(session)
  yield* transportFindings(session.url)
  const content = await answered(lookAtContent(session))
  if (content instanceof StratalogError) {
    yield fail("content", `Topics or groups cannot be listed: ${content.detail}`, LOOK)
    return
  }
  yield ok("content", contentText(content))
  if (content.groups > 0) yield groupsFinding(content.lags, content.groups - content.lags.length)
  yield* await checkUpkeep(session, content.since)
}

function healthFinding(health: Probe): Finding {
  const check = "health"
  if (health.kind === "failed") return fail(check, `It stopped answering: ${health.reason}.`, LOOK)
  if (health.status === 200) return ok(check, "The storage takes appends.")
  if (codeOf(health.body) === "storage_full") {
    const free =
      "Free disk space, or let go of old records: `strata delete-records`, `strata topic alter <name> --config retention.ms=...`."
    return fail(check, "The storage is full: appends are refused.", free)
  }
  return fail(check, `Appends cannot be expected to succeed: it answers ${health.status}.`, LOOK)
}

async function limitsFinding(session: Session): Promise<Finding> {
  const limits = await answered(session.connect().limits({ signal: session.stop }))
  if (limits instanceof StratalogError) return fail("limits", `They are not told: ${limits.detail}`, LOOK)
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
  if (protocol !== "http:" || isLoopback(hostname)) return
  yield warn(
    "transport",
    "Records go over the network in the clear.",
    "Put TLS in front of the server: a reverse proxy, or its own (`--tls-cert`, `--tls-key`).",
  )
}

async function checkUpkeep(session: Session, since: number | undefined): Promise<readonly Finding[]> {
  const status = await answered(session.connect().upkeep({ signal: session.stop }))
  if (!(status instanceof StratalogError)) return upkeepFindings(status, session.io.now(), since)
  if (status.code === "route_not_found") {
    const what = "The server is too old to tell how upkeep, backlog and orphans are."
    return [warn("upkeep", what, "Update the server.")]
  }
  if (status instanceof NotAuthorizedError) {
    const what = `Backlog, orphans and failures of upkeep are not told: ${status.detail}`
    const [line] = status.denied.map((denied) => allowLine(status.principal, denied))
    const allowed = line === undefined ? "" : ` (whoever administrates it allows that: \`${line}\`)`
    return [warn("upkeep", what, `Ask as somebody who may describe the cluster${allowed}.`)]
  }
  return [fail("upkeep", `It is not told: ${status.detail}`, LOOK)]
}

interface Content {
  readonly topics: number
  readonly partitions: number
  readonly groups: number
  /** Of the first groups. */
  readonly lags: readonly LagOfGroup[]
  /** When the oldest topic was made. */
  readonly since: number | undefined
}

function contentText({ topics, partitions, groups }: Content): string {
  return `${counted(topics, "topic")} with ${counted(partitions, "partition")}, ${counted(groups, "group")}.`
}

async function lookAtContent(session: Session): Promise<Content> {
  const log = session.connect()
  const { stop: signal } = session
  let [topics, partitions, groups] = [0, 0, 0]
  let since: number | undefined
  const lags: LagOfGroup[] = []
  for await (const topic of log.topics.list({ signal })) {
    topics++
    partitions += topic.partitions
    since = Math.min(since ?? topic.createdAt, topic.createdAt)
  }
  for await (const { group } of log.groups.list({ signal })) {
    // What a copy keeps there is nobody's progress.
    if (group === MARKS_GROUP) continue
    groups++
    if (lags.length >= MOST_GROUPS) continue
    const lag = await answered(log.group(group).lag({ signal }))
    if (!(lag instanceof StratalogError)) lags.push({ group, lag })
    // A list that is shorter for who may see less is no fault of the server.
    else if (lag.code !== "not_authorized") throw lag
  }
  return { topics, partitions, groups, lags, since }
}
