/** Prometheus' rules: they parse, and they name what servers tell. */
import { describe, expect, it } from "vitest"
import { knownMetrics, unknownIn } from "./known-metrics.ts"
import { parsePromql } from "./promql.ts"
import { alerts, recordings } from "./rules-file.ts"

const known = knownMetrics(recordings)
const expressions = [
  ...Object.entries(recordings).map(([name, expr]) => ({ name, expr })),
  ...alerts.map(({ alert, expr }) => ({ name: alert, expr })),
]

describe("the rules", () => {
  it.each(expressions)("ask for metrics and labels that there are: $name", ({ expr }) => {
    expect(unknownIn(expr, known)).toEqual([])
  })

  it("have names of their own", () => {
    const names = expressions.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
  })

  it("record under names that say what is kept, what of, and how", () => {
    for (const name of Object.keys(recordings)) expect(name).toMatch(/^[a-z_]+:stratalog_[a-z_]+:[a-z0-9_]+$/)
  })

  it("keep to the job's name", () => {
    const foreign = alerts.filter(({ expr }) => {
      const selectors = parsePromql(expr).selectors.filter(({ metric }) => !/stratalog_/.test(metric))
      return selectors.some(({ labels }) => !labels.includes("job"))
    })
    expect(foreign).toEqual([])
  })

  it("tell what their summaries refer to", () => {
    for (const { alert, expr, annotations } of alerts) {
      const named = [...annotations.summary.matchAll(/\$labels\.(\w+)/g)].map(([, label]) => label)
      const { selectors, grouped } = parsePromql(expr)
      const kept = grouped.length > 0 ? grouped : selectors.flatMap(({ metric }) => known.get(metric) ?? [])
      for (const label of named) expect(kept, alert).toContain(label)
    }
  })
})

describe("an expression", () => {
  it.each([
    ["rate(stratalog_gone_total[5m])", "no metric stratalog_gone_total"],
    ['stratalog_ready{topic="x"}', "stratalog_ready has no topic"],
    ["sum by (group) (stratalog_ready)", "no label group"],
    [
      "histogram_quantile(0.9, rate(stratalog_append_duration_seconds[5m]))",
      "no metric stratalog_append_duration_seconds:",
    ],
  ])("that asks for what there is not is found out: %s", (expr, sentence) => {
    expect(unknownIn(expr, known).join("; ")).toContain(sentence)
  })

  it.each(["sum(rate(up[5m))", "sum by (rate(up[5m])", "up{job=}", ""])("that is none is refused: %s", (expr) => {
    expect(() => parsePromql(expr)).toThrow("at ")
  })
})
