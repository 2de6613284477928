/** `strata consume --group`: records to the output, and how far it got to the group. */
import type { TopicPartitions } from "../../protocol/schemas/members.ts"
import type { Session } from "../session.ts"
import type { Silence } from "../silence.ts"
import { Committer } from "./committer.ts"
import { asMember, type BytesConsumer, type MemberOptions, type MemberWork } from "./member.ts"
import type { Renderer } from "./renderer.ts"

export interface GroupRequest extends Omit<MemberOptions, "signal"> {
  readonly max: number
  readonly commitEvery: number
}

export async function consumeAsGroup(
  session: Session,
  render: Renderer,
  request: GroupRequest,
  silence: Silence | undefined,
): Promise<void> {
  const signal = silence === undefined ? session.stop : AbortSignal.any([session.stop, silence.signal])
  let output: GroupOutput | undefined
  await asMember(session, { ...request, signal }, (consumer) => {
    output = new GroupOutput(session, consumer, render, request, silence)
    return output
  })
  output?.throwFailure()
}

class GroupOutput implements MemberWork {
  readonly #session: Session
  readonly #consumer: BytesConsumer
  readonly #render: Renderer
  readonly #max: number
  readonly #silence: Silence | undefined
  readonly #committer: Committer

  constructor(
    session: Session,
    consumer: BytesConsumer,
    render: Renderer,
    { max, commitEvery }: GroupRequest,
    silence: Silence | undefined,
  ) {
    this.#session = session
    this.#consumer = consumer
    this.#render = render
    this.#max = max
    this.#silence = silence
    this.#committer = new Committer((offsets) => consumer.commit(offsets), commitEvery)
  }

  async read(): Promise<void> {
    using committer = this.#committer
    const { out, stop } = this.#session
    let count = 0
    for await (const record of this.#consumer) {
      if (stop.aborted) break
      this.#silence?.heard()
      await out.write(this.#render(record))
      out.closed.throwIfAborted()
      await committer.written(record)
      if (++count >= this.#max) break
    }
  }

  revoked(partitions: readonly TopicPartitions[], lost: boolean): Promise<void> | undefined {
    if (lost) {
      for (const { topic, partitions: numbers } of partitions) {
        for (const partition of numbers) this.#committer.forget({ topic, partition })
      }
      return undefined
    }
    // Who left has not read all that was written: what is not committed will be read again.
    return this.#session.out.closed.aborted ? undefined : this.#committer.commit()
  }

  /** The commit that failed, if one did. */
  throwFailure(): void {
    this.#committer.throwFailure()
  }
}
