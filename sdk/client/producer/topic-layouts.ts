/** What a producer knows of its topics, fetched when first needed and again when it is old. */
import type { TopicDescription } from "../../protocol/schemas/topics.ts"
import { StratalogError } from "../errors.ts"
import { pathOf } from "../http-request.ts"
import { retryPause } from "../retry-policy.ts"
import type { MaybePromise } from "../serde.ts"
import type { Transport } from "../transport.ts"

export interface TopicLayout {
  readonly partitions: number
  /** The log's clock stamps the records. */
  readonly logAppendTime: boolean
}

export class TopicLayouts {
  readonly #transport: Transport
  readonly #maxAgeMs: number
  readonly #known = new Map<string, { readonly layout: TopicLayout; readonly fetchedAt: number }>()

  constructor(transport: Transport, maxAgeMs: number) {
    this.#transport = transport
    this.#maxAgeMs = maxAgeMs
  }

  /** Asks until `deadline` (epoch milliseconds) where asking again may help. */
  get(topic: string, deadline: number, signal: AbortSignal | undefined): MaybePromise<TopicLayout> {
    const known = this.#known.get(topic)
    const isFresh = known !== undefined && this.#transport.clock.now() - known.fetchedAt < this.#maxAgeMs
    return isFresh ? known.layout : this.#fetch(topic, deadline, signal)
  }

  /** What is known, however old. */
  peek(topic: string): TopicLayout | undefined {
    return this.#known.get(topic)?.layout
  }

  /** The topic has changed: look again. */
  forget(topic: string): void {
    this.#known.delete(topic)
  }

  async #fetch(topic: string, deadline: number, signal: AbortSignal | undefined): Promise<TopicLayout> {
    const { clock, retries } = this.#transport
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#describe(topic, signal)
      } catch (error) {
        const pause = retryPause(attempt, retries, clock.random())
        const mayHelp = error instanceof StratalogError && error.retryable && clock.now() + pause < deadline
        if (!mayHelp) throw error
        await clock.sleep(pause, signal)
      }
    }
  }

  async #describe(topic: string, signal: AbortSignal | undefined): Promise<TopicLayout> {
    const path = pathOf("v1", "topics", topic)
    const described = await this.#transport.json<TopicDescription>({ method: "GET", path, answers: "config", signal })
    const layout = {
      partitions: described.partitions,
      logAppendTime: described.config["message.timestamp.type"] === "LogAppendTime",
    }
    this.#known.set(topic, { layout, fetchedAt: this.#transport.clock.now() })
    return layout
  }
}
