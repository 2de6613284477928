/** Consumer groups' committed offsets. */
import type {
  CommitOffsetsBody,
  CommittedOffsets,
  GroupLag,
  ResetOffsets,
  ResetOffsetsBody,
} from "../protocol/schemas/group-offsets.ts"
import type { GroupDescription, GroupList } from "../protocol/schemas/groups.ts"
import { StratalogError } from "./errors.ts"
import { pathOf } from "./http-request.ts"
import type { CallOptions } from "./topics.ts"
import type { Transport } from "./transport.ts"

export type OffsetToCommit = CommitOffsetsBody["offsets"][number]
export type CommittedOffset = CommittedOffsets["offsets"][number]
export type { GroupDescription, GroupLag, ResetOffsets, ResetOffsetsBody }

export class Group {
  readonly name: string
  readonly #transport: Transport

  constructor(transport: Transport, name: string) {
    this.name = name
    this.#transport = transport
  }

  /**
   * Commits the next offsets to read, all or none. They only move forward; the same offset again is no error. For a group
   * without members: rejects with `group_not_empty` while a consumer is in it.
   */
  async commit(offsets: readonly OffsetToCommit[], { signal }: CallOptions = {}): Promise<CommittedOffset[]> {
    const path = this.#path("offsets")
    const request = { method: "POST", path, json: { offsets }, answers: "offsets", repeatable: true, signal } as const
    return (await this.#transport.json<CommittedOffsets>(request)).offsets
  }

  /** What the group committed, for one topic or all. */
  async committed(options: CallOptions & { readonly topic?: string | undefined } = {}): Promise<CommittedOffset[]> {
    const { topic, signal } = options
    const request = {
      method: "GET",
      path: this.#path("offsets"),
      query: { topic },
      answers: "offsets",
      signal,
    } as const
    return (await this.#transport.json<CommittedOffsets>(request)).offsets
  }

  /** How many records each partition's committed offset is behind its high watermark. */
  async lag({ signal }: CallOptions = {}): Promise<GroupLag> {
    return this.#transport.json({ method: "GET", path: this.#path("lag"), answers: "partitions", signal })
  }

  /**
   * Moves the committed offsets of a group that nobody is in, also back. Without `execute` it only shows what it would do.
   * A `shift` whose answer is lost is an OutcomeUnknownError, as a second one would go further.
   */
  async reset(body: ResetOffsetsBody, { signal }: CallOptions = {}): Promise<ResetOffsets> {
    const repeatable = body.execute !== true || body.shift === undefined
    const request = {
      method: "POST",
      path: `${this.#path("offsets")}:reset`,
      json: body,
      answers: "offsets",
      repeatable,
      signal,
    } as const
    return this.#transport.json(request)
  }

  /** Its state, and its members with what each reads. */
  async describe({ signal }: CallOptions = {}): Promise<GroupDescription> {
    return this.#transport.json({ method: "GET", path: this.#path(), answers: "group", signal })
  }

  /** Deletes the group with its committed offsets. Rejects with `group_not_empty` while a consumer is in it. */
  async delete({ signal }: CallOptions = {}): Promise<void> {
    const request = { method: "DELETE", path: this.#path(), repeatable: true, signal } as const
    await this.#transport.send(request, ({ error, afterUnknown }) =>
      // The attempt whose answer was lost deleted it.
      afterUnknown && error instanceof StratalogError && error.code === "group_not_found" ? true : undefined,
    )
  }

  #path(...parts: string[]): string {
    return pathOf("v1", "groups", this.name, ...parts)
  }
}

export class Groups {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /** The names of all groups, fetched a page at a time. */
  async *list({ signal }: CallOptions = {}): AsyncGenerator<{ readonly group: string }> {
    for await (const { groups } of this.#transport.pages<GroupList>("/v1/groups", "groups", {}, signal)) yield* groups
  }
}
