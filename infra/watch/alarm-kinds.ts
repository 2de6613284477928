/** The kinds of alarms: each has a section of RUNBOOK.md, whose heading is its name. */
export const ALARM_KINDS = {
  FunctionErrors: "A function breaks off: it crashes, or runs out of time or memory.",
  FunctionThrottles: "Calls of a function are turned away: there are no more environments for it.",
  FunctionSlow: "A function takes nearly all the time that it has.",
  ServerErrors: "Requests are answered with 5xx.",
  StorageThrottled: "DynamoDB throttles requests to the table.",
  StorageErrors: "DynamoDB fails to answer requests to the table.",
  UpkeepFailing: "Steps of upkeep fail, one run after another.",
  UpkeepNotRunning: "The schedule does not call upkeep.",
  TierBacklog: "Records that are to lie in segments by now stay in the table.",
  DeadLetters: "What could not be processed lies in a queue of dead letters.",
  Lag: "A group has more to read than it should.",
} as const

export type AlarmKind = keyof typeof ALARM_KINDS

/** What somebody reads who is woken by it. */
export function descriptionOf(kind: AlarmKind): string {
  return `${ALARM_KINDS[kind]} What to do: RUNBOOK.md#${kind.toLowerCase()}`
}
