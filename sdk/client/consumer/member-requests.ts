/** The requests of one member of a group. */
import { limits } from "../../protocol/limits.ts"
import type { PollBody } from "../../protocol/schemas/group-members.ts"
import type { GroupDescription } from "../../protocol/schemas/groups.ts"
import { StratalogError } from "../errors.ts"
import type { FetchContext } from "../fetch-records.ts"
import { pathOf } from "../http-request.ts"
import type { OffsetOfPartition } from "./consumer.ts"
import { type PollAnswer, pollType, readPollAnswer } from "./poll-answer.ts"

export type PollOutcome =
  | ({ readonly kind: "answered" } & PollAnswer)
  | { readonly kind: "failed"; readonly error: StratalogError; readonly retryAfterMs?: number | undefined }
  /** The member ended it; it may have taken effect. */
  | { readonly kind: "interrupted" }

export class MemberRequests {
  readonly #context: FetchContext
  readonly #group: string
  readonly #memberId: string
  readonly #sessionTimeoutMs: number

  constructor(context: FetchContext, group: string, memberId: string, sessionTimeoutMs: number) {
    this.#context = context
    this.#group = group
    this.#memberId = memberId
    this.#sessionTimeoutMs = sessionTimeoutMs
  }

  /** One attempt. Never rejects. A request that hangs is given up while there is still time for another. */
  async poll(body: PollBody, interrupt: AbortSignal): Promise<PollOutcome> {
    const { transport } = this.#context
    const waitMs = body.wait ?? 0
    const timeoutMs = Math.min(transport.timeoutMs, this.#sessionTimeoutMs / 2) + waitMs
    const path = this.#path("poll")
    try {
      const request = { method: "POST", path, json: body, accept: pollType, signal: interrupt } as const
      const result = await transport.attempt(request, timeoutMs)
      if (result.kind === "failed") return result
      return { kind: "answered", ...(await readPollAnswer(result.answer, this.#context)) }
    } catch (error) {
      if (interrupt.aborted) return { kind: "interrupted" }
      return { kind: "failed", error: asError(error) }
    }
  }

  /** All or nothing for each `limits.maxCommits` of them. */
  async commit(
    offsets: readonly OffsetOfPartition[],
    memberEpoch: number,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    for (let at = 0; at < offsets.length; at += limits.maxCommits) {
      const json = { offsets: offsets.slice(at, at + limits.maxCommits), memberId: this.#memberId, memberEpoch }
      const path = pathOf("v1", "groups", this.#group, "offsets")
      await this.#context.transport.send({ method: "POST", path, json, repeatable: true, signal })
    }
  }

  async leave(signal: AbortSignal): Promise<void> {
    const request = { method: "DELETE", path: this.#path(), repeatable: true, signal } as const
    await this.#context.transport.send(request, ({ error }) => (error.code === "member_not_found" ? true : undefined))
  }

  /** Whether another member goes by this static name. */
  async isReplaced(instanceId: string, signal: AbortSignal): Promise<boolean> {
    const path = pathOf("v1", "groups", this.#group)
    const { members } = await this.#context.transport.json<GroupDescription>({
      method: "GET",
      path,
      answers: "members",
      signal,
    })
    return members.some((member) => member.instanceId === instanceId && member.memberId !== this.#memberId)
  }

  /** Rejects with a TopicNotFoundError where it is not there. */
  async describeTopic(topic: string, signal: AbortSignal): Promise<void> {
    await this.#context.transport.send({ method: "GET", path: pathOf("v1", "topics", topic), signal })
  }

  #path(...parts: string[]): string {
    return pathOf("v1", "groups", this.#group, "members", this.#memberId, ...parts)
  }
}

/** What was thrown, as an error of ours: also what a `headers` function threw. */
export function asError(thrown: unknown): StratalogError {
  if (thrown instanceof StratalogError) return thrown
  const detail = `The request could not be made: ${String(thrown)}`
  return new StratalogError({ code: "invalid_argument", detail, retryable: false, sideEffects: "none", cause: thrown })
}
