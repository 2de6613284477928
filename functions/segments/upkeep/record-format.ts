/** How the parts of upkeep's record are stored: each as JSON, and beside them the version of the format. */
import { type UpkeepStatus, upkeepStatus } from "stratalog/protocol"
import type { UpkeepRecord } from "./records.ts"

export const RECORD_VERSION = 1

export type RecordPart = keyof UpkeepStatus
export const recordParts = ["lastRun", "lastRound", "lastSweep", "lastNudge"] as const satisfies readonly RecordPart[]

/** The parts that are given, as they are stored. */
export function partsToStore(record: UpkeepRecord): readonly (readonly [RecordPart, string])[] {
  return recordParts.flatMap((part) => (record[part] === undefined ? [] : [[part, JSON.stringify(record[part])]]))
}

/** It tells how things are and nothing is decided by it, so what does not fit is left out: the next run writes it anew. */
export function readStored(version: number, stored: Partial<Readonly<Record<RecordPart, string>>>): UpkeepRecord {
  if (version !== RECORD_VERSION) return {}
  const { lastRun, lastRound, lastSweep, lastNudge } = upkeepStatus.shape
  return {
    ...part("lastRun", lastRun, stored.lastRun),
    ...part("lastRound", lastRound, stored.lastRound),
    ...part("lastSweep", lastSweep, stored.lastSweep),
    ...part("lastNudge", lastNudge, stored.lastNudge),
  }
}

interface Schema<T> {
  safeParse(value: unknown): { readonly success: true; readonly data: T | null } | { readonly success: false }
}

function part<Name extends RecordPart, T>(
  name: Name,
  schema: Schema<T>,
  text: string | undefined,
): { readonly [K in Name]?: T } {
  const parsed = text === undefined ? undefined : schema.safeParse(parseJson(text))
  if (parsed?.success !== true || parsed.data === null) return {}
  const found: { [K in Name]?: T } = {}
  found[name] = parsed.data
  return found
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
