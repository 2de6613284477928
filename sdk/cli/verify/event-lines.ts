import type { Session } from "../session.ts"

/** Writes a line of JSON about something that happened, by the names of Kafka's verifiable clients. */
export type EventLines = (name: string, fields?: Readonly<Record<string, unknown>>) => Promise<void> | undefined

export function eventLines({ io, out }: Session): EventLines {
  return (name, fields = {}) => out.json({ timestamp: io.now(), name, ...fields })
}
