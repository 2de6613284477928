/** Durations as requests write them: `10s`, `500ms`, `1m`, `2h`, or a number of milliseconds. */
const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }
export const DURATION = /^(\d{1,15}(?:\.\d{1,9})?)(ms|s|m|h|d)?$/

/** Milliseconds, or undefined where the text is no duration. */
export function parseDuration(text: string): number | undefined {
  const match = DURATION.exec(text)
  if (match === null) return undefined
  return Math.round(Number(match[1]) * (UNITS[match[2] ?? "ms"] ?? 1))
}
