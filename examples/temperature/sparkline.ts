const BARS = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

/** A bar for each value, its height between `min` and `max`. */
export function sparkline(values: readonly number[], min: number, max: number): readonly string[] {
  const range = max - min
  return values.map((value) => {
    const height = range === 0 ? 0.5 : (value - min) / range
    return BARS[Math.min(BARS.length - 1, Math.max(0, Math.floor(height * BARS.length)))] ?? ""
  })
}
