/** A producer with an id and sequences: it sends a batch again until it knows, over restarts of the server too. */
import { BATCH_TYPE, type ProducerId } from "stratalog/protocol"
import { encodeBatch, portableCrc32c } from "stratalog/record-batch"
import type { Client, Phase } from "./phase.ts"
import { writeOutcome } from "./phase.ts"
import type { Random } from "./random.ts"
import { nameOf } from "./values.ts"
import { appended, valueSource } from "./writers.ts"

interface Pending {
  readonly names: readonly string[]
  readonly values: readonly string[]
  readonly sequence: number
  /** When it was sent first: all its attempts are one append. */
  readonly call: number
}

export interface IdempotentWriterOptions {
  readonly name: string
  readonly random: Random
  readonly topic: string
  readonly partition: number
  readonly binary: boolean
}

export function idempotentWriter({ name, random, topic, partition, binary }: IdempotentWriterOptions): Client {
  const source = valueSource(name, random)
  const key = `${topic}/${partition}`
  const path = `/v1/topics/${topic}/partitions/${partition}/records`
  let producer: ProducerId | undefined
  let sequence = 0
  let pending: Pending | undefined

  async function attempt(phase: Phase, id: ProducerId, batch: Pending): Promise<void> {
    const at = { id: id.id, epoch: id.epoch, sequence: batch.sequence }
    const answer = binary
      ? await phase.exchange({
          method: "POST",
          path,
          headers: { "content-type": BATCH_TYPE },
          body: encode(batch.values, at),
        })
      : await phase.postJson(path, {
          records: batch.values.map((value) => ({ key: nameOf(value), value })),
          valueFormat: "utf8",
          producer: at,
        })
    const outcome = writeOutcome(answer)
    if (outcome.kind === "unknown") return
    // A refusal without effect, such as a server that stops, is no end: the batch is sent again.
    if (outcome.kind === "refused" && (outcome.code === "unavailable" || outcome.code === "too_many_requests")) return
    phase.recorder.end(name, batch.call, appended(phase, key, batch.names, outcome))
    if (outcome.kind === "ok") sequence += batch.values.length
    pending = undefined
  }

  async function step(phase: Phase): Promise<void> {
    producer ??= await initProducer(phase)
    if (producer === undefined) return
    const call = phase.recorder.begin()
    pending ??= { ...source.next(1 + random.int(4)), sequence, call }
    await attempt(phase, producer, pending)
    // A client whose answer was late sends again although the batch landed; the log has to know it.
    if (pending === undefined && random.chance(0.2)) await resendLast(phase)
  }

  /** Sends an acknowledged batch once more: nothing may be appended. */
  async function resendLast(phase: Phase): Promise<void> {
    const last = phase.recorder.history.findLast((each) => each.process === name)
    if (producer === undefined || last?.f !== "append" || last.type !== "ok" || last.value.length === 0) return
    const at = { ...producer, sequence: sequence - last.value.length }
    // The values do not matter: the sequence says that they are in the log.
    const records = last.value.map((key) => ({ key, value: `${name} resent` }))
    const outcome = writeOutcome(await phase.postJson(path, { records, valueFormat: "utf8", producer: at }))
    if (outcome.kind !== "ok") return
    const { duplicate, baseOffset } = outcome.body as { duplicate?: boolean; baseOffset?: number }
    // Where the batch lies may be forgotten, that it is there may not.
    if (duplicate !== true || (baseOffset !== undefined && baseOffset !== last.offset)) {
      const got = JSON.stringify(outcome.body)
      phase.recorder.violations.push(
        `batch ${last.value[0]} of ${key} at ${last.offset}, sent again, was answered ${got}`,
      )
    }
  }

  return {
    name,
    step,
    async settle(phase) {
      for (let attempts = 0; pending !== undefined && producer !== undefined && attempts < 20; attempts++) {
        await attempt(phase, producer, pending)
      }
      if (pending !== undefined) phase.recorder.violations.push(`${name} could not finish batch ${pending.names[0]}`)
    },
  }
}

async function initProducer(phase: Phase): Promise<ProducerId | undefined> {
  const outcome = writeOutcome(await phase.postJson("/v1/producers", {}))
  return outcome.kind === "ok" ? (outcome.body as ProducerId) : undefined
}

function encode(values: readonly string[], producer: { id: number; epoch: number; sequence: number }): Uint8Array {
  const text = new TextEncoder()
  const records = values.map((value) => ({
    timestamp: 1_763_600_000_000,
    key: text.encode(nameOf(value)),
    value: text.encode(value),
  }))
  return encodeBatch({ records, producer }, portableCrc32c)
}
