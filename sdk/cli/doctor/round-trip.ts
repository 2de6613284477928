/** A record's way into a topic made for it and out again. */
import { randomUUID } from "node:crypto"
import { StratalogError } from "../../client/errors.ts"
import type { Stratalog } from "../../client/stratalog.ts"
import type { Session } from "../session.ts"
import { type Finding, fail, ok, warn } from "./finding.ts"

const APPENDS = 10
const SLOW_APPEND_MS = 1_000

export async function* checkRoundTrip(session: Session): AsyncGenerator<Finding> {
  const log = session.connect()
  const topic = `strata-doctor-${randomUUID()}`
  try {
    await log.topics.create(topic, {}, { signal: session.stop })
    yield await roundTrip(session, log, topic)
  } catch (error) {
    yield refused("write", error)
  } finally {
    // Also where the user ends it in the middle: nothing is to be left behind.
    yield await removal(log, topic)
  }
}

async function roundTrip({ stop: signal }: Session, log: Stratalog, name: string): Promise<Finding> {
  const topic = log.topic(name)
  const times: number[] = []
  const values = Array.from({ length: APPENDS }, () => randomUUID())
  for (const value of values) {
    const start = performance.now()
    await topic.produce({ value }, { partition: 0, signal })
    times.push(performance.now() - start)
  }
  const { records } = await topic.fetch(0, { offset: "earliest", signal })
  if (JSON.stringify(records.map(({ value }) => value)) !== JSON.stringify(values)) {
    return fail("write", "What was read is not what was written.", "Report this: it must never happen.")
  }
  const median = times.sort((a, b) => a - b)[times.length >> 1] ?? 0
  const detail = `${APPENDS} records went in and came back; an append took ${median.toFixed(1)} ms in the middle.`
  if (median <= SLOW_APPEND_MS) return ok("write", detail)
  return warn("write", detail, "Each append waits until it is durable: look at the disk, or gather larger batches.")
}

async function removal(log: Stratalog, topic: string): Promise<Finding> {
  try {
    await log.topics.delete(topic)
    return ok("clean up", "The topic that was made for it is deleted.")
  } catch (error) {
    if (error instanceof StratalogError && error.code === "topic_not_found") return ok("clean up", "No topic was made.")
    const { detail } = refused("clean up", error)
    return fail("clean up", `Topic ${topic} is left behind: ${detail}`, `Delete it: strata topic delete ${topic} --yes`)
  }
}

function refused(check: string, error: unknown): Finding {
  if (!(error instanceof StratalogError)) throw error
  return fail(check, error.detail, "See the other findings, and the server's log.")
}
