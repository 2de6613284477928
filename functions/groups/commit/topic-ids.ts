/** Whether a member means the topic that the group has. Pure. */
import type { GroupState } from "../members/state.ts"

/** A topic as a member knows it. */
export interface KnownTopic {
  readonly topic: string
  /** Absent: it does not say. */
  readonly topicId?: string | undefined
}

/**
 * Tells whether somebody means another topic than the group has by now under the same name: it was deleted and made again,
 * and where a member stood in the former says nothing of it.
 */
export function meansFormer(state: GroupState | undefined): (known: KnownTopic) => boolean {
  const ids = new Map(state?.topics.map(({ topic, topicId }) => [topic, topicId]))
  return ({ topic, topicId }) => topicId !== undefined && ids.has(topic) && ids.get(topic) !== topicId
}
