/** What can be wrong with a history; the names are those of Jepsen's checker for Kafka where it has one. */

export const anomalyKinds = {
  "lost-write": "an acknowledged record is not in the log",
  duplicate: "one record lies at two offsets",
  "inconsistent-offsets": "one offset had two values, or a record lies elsewhere than its acknowledgement said",
  "torn-batch": "a batch is in the log in part, or not in one piece",
  "aborted-read": "a record was read whose append had failed",
  phantom: "a record was read that nobody appended there",
  "poll-skip": "a reader, or a group, that goes from offset to offset missed one",
  "nonmonotonic-poll": "a reader that goes from offset to offset was sent back",
  "realtime-order": "a record acknowledged before another was sent lies behind it",
  "stale-read": "a read did not know what was acknowledged or seen before it began",
  "log-start-regress": "a log began before where it was seen to begin, or where records had been deleted up to",
  "over-deletion": "a log began behind where anybody had asked it to",
  "commit-regress": "a committed offset went back",
  "commit-beyond-end": "a committed offset is past the end of the log",
  "zombie-commit": "a commit took effect after somebody of a newer epoch had taken the partition over",
  "double-owner": "two members of a group had one partition at the same time",
  unprocessed: "a record below a committed offset was processed by nobody of the group",
  unseen: "an acknowledged record in the log was never delivered to those who follow it",
} as const satisfies Record<string, string>

export type AnomalyKind = keyof typeof anomalyKinds

export interface Anomaly {
  readonly kind: AnomalyKind
  readonly key: string
  /** What was seen, with the operations' ids. */
  readonly detail: string
}
