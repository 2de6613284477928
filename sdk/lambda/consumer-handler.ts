/**
 * A batch handler as the handler of a Lambda function that consumes in a group: it joins, goes through what there is, commits
 * and leaves. Whatever invokes it only wakes it: a schedule, a message with news of appends, a person.
 */
import { systemClock } from "../client/clock.ts"
import type { DataFormat } from "../client/formats.ts"
import type { OutputOf } from "../client/records.ts"
import { defaultRetryPolicy } from "../client/retry-policy.ts"
import type { Stratalog } from "../client/stratalog.ts"
import { IdleWatch } from "./idle.ts"
import type { BatchFailures, LambdaConsumerOptions } from "./options.ts"
import { Stepwise, type StoppedPartition } from "./stepwise.ts"

/** What is read of an event: the ids of SQS messages tell SQS what to deliver again. */
export interface ConsumerEvent {
  readonly Records?: readonly { readonly messageId?: string }[] | undefined
}

/** What is read of Lambda's context. */
export interface Invocation {
  getRemainingTimeInMillis(): number
}

export type ConsumerFunction = (event: ConsumerEvent, context: Invocation) => Promise<BatchFailures>

const IDLE_MS = 1_000
const TIME_TO_END_MS = 5_000
const ATTEMPTS = 3
/** A function pays for waiting, so it stays no longer than `idleMs`; within that, what comes is answered at once. */
const WAIT_MS = 500

/**
 * The answer names all messages of the event where a partition could not go on, so that SQS wakes the function again. An
 * invocation without messages fails then instead, so that it counts among the function's errors.
 */
export function consumerHandler<KF extends DataFormat = "utf8", VF extends DataFormat = "json">(
  log: Stratalog,
  options: LambdaConsumerOptions<OutputOf<undefined, KF>, OutputOf<undefined, VF>, KF, VF>,
): ConsumerFunction {
  const { group, report = reportLine } = options
  return async (event, context) => {
    const { records, stopped } = await drain(log, options, context)
    report({ level: stopped.length === 0 ? "info" : "warn", event: "consumed", group, records, stopped })
    if (stopped.length === 0) return { batchItemFailures: [] }
    const messages = event.Records?.flatMap(({ messageId }) => messageId ?? []) ?? []
    if (messages.length === 0) throw new Error(`Some partitions of group ${group} stopped: ${JSON.stringify(stopped)}`)
    return { batchItemFailures: messages.map((itemIdentifier) => ({ itemIdentifier })) }
  }
}

interface Drained {
  readonly records: number
  readonly stopped: readonly StoppedPartition[]
}

async function drain<KF extends DataFormat, VF extends DataFormat>(
  log: Stratalog,
  options: LambdaConsumerOptions<OutputOf<undefined, KF>, OutputOf<undefined, VF>, KF, VF>,
  context: Invocation,
): Promise<Drained> {
  const { concurrency = 1, deadLetterTopic, idleMs = IDLE_MS, timeToEndMs = TIME_TO_END_MS } = options
  const retry = { ...defaultRetryPolicy, attempts: ATTEMPTS, ...options.retry }
  const steps = new Stepwise({ ...options, attempts: retry.attempts })
  const watch = new IdleWatch()
  const ending = new AbortController()
  const consumer = log.consumer<undefined, undefined, KF, VF>({
    ...options,
    fetchMaxWaitMs: Math.min(WAIT_MS, idleMs),
    autoCommitIntervalMs: 0,
    signal: ending.signal,
    onAssigned: async (partitions) => {
      watch.assigned()
      for (const { topic, partitions: numbers } of partitions) steps.forget(topic, numbers)
      await options.onAssigned?.(partitions)
    },
  })
  const timeMs = Math.max(0, context.getRemainingTimeInMillis() - timeToEndMs)
  const end = () => ending.abort(new DOMException("The function ends.", "AbortError"))
  const timer = setTimeout(end, timeMs)
  void watch.idle(idleMs, systemClock, ending.signal).then(end)
  try {
    await consumer.run({
      eachBatch: (batch, record) =>
        watch.during(() => {
          const signal = AbortSignal.any([record.signal, ending.signal])
          return steps.process(consumer, batch, { ...record, signal })
        }),
      concurrency,
      retry,
      deadLetterTopic,
    })
  } finally {
    clearTimeout(timer)
    end()
  }
  return steps
}

function reportLine(event: Readonly<Record<string, unknown>>): void {
  console.log(JSON.stringify(event))
}
