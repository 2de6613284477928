/** What happens to an environment in the middle of an append: it is paused and goes on later, or is killed. */
import { afterEach, describe, expect, it } from "vitest"
import { type FunctionProcess, signal } from "../../../tools/localstack/function-processes.ts"
import { deployment, killAll, log, newName, post, servingProcesses, valuesIn } from "../deployment.ts"

/** How long a client waits for a function that is paused, milliseconds; others answer sooner, most of them. */
const PATIENCE_MS = 4_000

const paused = new Set<FunctionProcess>()
afterEach(() => {
  for (const each of paused) signal(each, "SIGCONT")
  paused.clear()
})

/** Stops all environments there are. */
async function pauseAll(): Promise<void> {
  for (const each of await servingProcesses()) if (signal(each, "SIGSTOP")) paused.add(each)
}

interface Writer {
  /** Sends a batch of one record with this sequence; undefined where no answer came in time. */
  send(sequence: number): Promise<{ readonly status: number; readonly body: Record<string, unknown> } | undefined>
  /** Goes on until a request has found a paused environment and waits there; tells its sequence and its end. */
  sendIntoPause(from: number): Promise<{ readonly sequence: number; readonly ended: Promise<number> }>
  /** The values in the log. */
  values(): Promise<readonly unknown[]>
}

async function newWriter(): Promise<Writer> {
  const topic = newName("paused")
  await log.topics.create(topic, { partitions: 1 })
  const producer = JSON.parse((await post("/v1/producers", {})).text)
  const path = `/v1/topics/${topic}/partitions/0/records`
  const produce = (sequence: number) =>
    post(path, { records: [{ value: sequence }], producer: { id: producer.id, epoch: producer.epoch, sequence } })
  return {
    async send(sequence) {
      const answer = await Promise.race([produce(sequence), late()])
      return answer === undefined ? undefined : { status: answer.status, body: JSON.parse(answer.text) }
    },
    async sendIntoPause(from) {
      for (let sequence = from; ; sequence++) {
        await pauseAll()
        const sent = produce(sequence)
        if ((await Promise.race([sent, late()])) === undefined) {
          return { sequence, ended: sent.then(({ status }) => status) }
        }
      }
    },
    values: () => valuesIn(topic),
  }
}

function late(): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), PATIENCE_MS))
}

async function untilAnswered(writer: Writer, sequence: number): Promise<Record<string, unknown>> {
  for (;;) {
    const answer = await writer.send(sequence)
    if (answer?.status === 200) return answer.body
  }
}

describe.skipIf(!deployment.functionsAreProcesses)("an environment in the middle of an append", () => {
  it("is paused, and goes on when the append was sent again elsewhere: it is there once", async () => {
    const writer = await newWriter()
    // One after another are answered by the same environment, which is the only one then.
    await killAll()
    await untilAnswered(writer, 0)
    const { sequence, ended } = await writer.sendIntoPause(1)
    const again = await untilAnswered(writer, sequence)
    expect(again["baseOffset"]).toBe(sequence)
    for (const each of paused) signal(each, "SIGCONT")
    expect(await ended).toBe(200)
    await untilAnswered(writer, sequence + 1)
    expect(await writer.values()).toEqual(Array.from({ length: sequence + 2 }, (_, at) => at))
  })

  it("is killed: the gateway says so, and the append, sent again, is there once", async () => {
    const writer = await newWriter()
    // One after another are answered by the same environment, which is the only one then.
    await killAll()
    await untilAnswered(writer, 0)
    const { sequence, ended } = await writer.sendIntoPause(1)
    for (const each of paused) signal(each, "SIGKILL")
    expect(await ended).toBeGreaterThanOrEqual(500)
    await untilAnswered(writer, sequence)
    expect(await writer.values()).toEqual(Array.from({ length: sequence + 1 }, (_, at) => at))
  })
})

it.skipIf(!deployment.functionsAreProcesses)(
  "many start cold at the same time, and every request is answered",
  async () => {
    const topic = newName("cold")
    await log.topics.create(topic, { partitions: 4 })
    expect(await killAll()).toBeGreaterThan(0)
    const before = new Set((await servingProcesses()).map(({ pid }) => pid))
    const path = `/v1/topics/${topic}/records`
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, value) => post(path, { records: [{ key: `k${value}`, value }] })),
    )
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
    const started = (await servingProcesses()).filter(({ pid }) => !before.has(pid))
    expect(started.length).toBeGreaterThan(1)
    const values = await valuesIn(topic)
    expect(values.toSorted((a, b) => Number(a) - Number(b))).toEqual(answers.map((_, value) => value))
  },
)
