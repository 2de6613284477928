/** Prometheus' text format, as far as it is needed here. Pure. */

export interface MetricLine {
  readonly name: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

const LINE = /^([A-Za-z_:][\w:]*)(?:\{(.*)\})? (\S+)$/
const LABEL = /(\w+)="((?:[^"\\]|\\.)*)"/g

/** What is no line of a metric is passed over. */
export function metricLines(text: string): readonly MetricLine[] {
  return text.split("\n").flatMap((line) => {
    const [, name, labels = "", value = ""] = LINE.exec(line) ?? []
    const number = Number(value)
    return name === undefined || Number.isNaN(number) ? [] : [{ name, labels: labelsOf(labels), value: number }]
  })
}

function labelsOf(text: string): Readonly<Record<string, string>> {
  const labels = [...text.matchAll(LABEL)].map(([, name = "", value = ""]) => [name, unescaped(value)] as const)
  return Object.fromEntries(labels)
}

function unescaped(value: string): string {
  return value.replace(/\\(.)/g, (_, character: string) => (character === "n" ? "\n" : character))
}
