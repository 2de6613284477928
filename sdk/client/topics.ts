/** Topics as a whole: create, describe, alter, delete, list. */
import type { AlterTopicBody, CreateTopicBody, TopicDescription, TopicList } from "../protocol/schemas/topics.ts"
import { TopicNotFoundError } from "./errors.ts"
import { pathOf } from "./http-request.ts"
import { parseJson, type Transport } from "./transport.ts"

export type { TopicDescription }

/** What every call takes. */
export interface CallOptions {
  /** Aborts the call, which then rejects with the signal's reason. A write that is under way may still take effect. */
  readonly signal?: AbortSignal | undefined
}

export interface CreatedTopic extends TopicDescription {
  /** False where it existed with the same settings. */
  readonly created: boolean
}

export class Topics {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /** Safe to repeat. Rejects with `topic_conflict` where the topic exists with other settings. */
  async create(name: string, settings: CreateTopicBody = {}, { signal }: CallOptions = {}): Promise<CreatedTopic> {
    const request = {
      method: "PUT",
      path: pathOf("v1", "topics", name),
      json: settings,
      answers: "name",
      repeatable: true,
      signal,
    } as const
    const answer = await this.#transport.send(request)
    return { ...parseJson<TopicDescription>(request, answer), created: answer.status === 201 }
  }

  async get(name: string, { signal }: CallOptions = {}): Promise<TopicDescription> {
    return this.#transport.json({ method: "GET", path: pathOf("v1", "topics", name), answers: "name", signal })
  }

  /** Sets configuration (null: back to the default) and adds partitions. */
  async alter(name: string, changes: AlterTopicBody, { signal }: CallOptions = {}): Promise<TopicDescription> {
    const path = pathOf("v1", "topics", name)
    return this.#transport.json({ method: "PATCH", path, json: changes, answers: "name", repeatable: true, signal })
  }

  /** Deletes the topic with its records and the offsets committed for it. */
  async delete(name: string, { signal }: CallOptions = {}): Promise<void> {
    const path = pathOf("v1", "topics", name)
    await this.#transport.send({ method: "DELETE", path, repeatable: true, signal }, ({ error, afterUnknown }) =>
      // The attempt whose answer was lost deleted it.
      afterUnknown && error instanceof TopicNotFoundError ? true : undefined,
    )
  }

  /** All topics by name, fetched a page at a time. */
  async *list(options: CallOptions & { readonly prefix?: string | undefined } = {}): AsyncGenerator<TopicDescription> {
    const { prefix, signal } = options
    for await (const { topics } of this.#transport.pages<TopicList>("/v1/topics", "topics", { prefix }, signal))
      yield* topics
  }
}
