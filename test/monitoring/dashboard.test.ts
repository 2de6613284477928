/** Grafana's dashboard: what an import wants of it, and that it asks for what servers tell. */
import { describe, expect, it } from "vitest"
import { dashboard, filledIn, graphs, dashboardText as text } from "./dashboard-file.ts"
import { knownMetrics, unknownIn } from "./known-metrics.ts"
import { parsePromql } from "./promql.ts"

const { panels, templating, ...rest } = dashboard

describe("the dashboard", () => {
  it("is one that Grafana makes anew: it has an identity of its own and none of some Grafana's", () => {
    expect(rest["id"]).toBeUndefined()
    expect(rest.uid).toBe("stratalog")
    expect(text).not.toMatch(/"uid": "(?!stratalog"|\$datasource")/)
  })

  it("asks for its data source, job and servers", () => {
    expect(templating.list.map(({ name, type }) => [name, type])).toEqual([
      ["datasource", "datasource"],
      ["job", "query"],
      ["instance", "query"],
    ])
    const names = new Set(templating.list.map(({ name }) => name))
    const used = [...text.matchAll(/\$([a-z]\w*)/g)].map(([, name = ""]) => name)
    expect(used.filter((name) => !names.has(name))).toEqual([])
    const [, job, instance] = templating.list
    for (const { query } of [Object(job), Object(instance)]) {
      const [, selector = ""] = /^label_values\((.*), \w+\)$/.exec(query.query) ?? []
      expect(unknownIn(filledIn(selector), knownMetrics())).toEqual([])
    }
  })

  it("numbers its panels, and lets none lie over another", () => {
    expect(panels.map(({ id }) => id)).toEqual(panels.map((_, at) => at + 1))
    const taken = new Set<string>()
    for (const { gridPos: at, title } of panels) {
      expect(at.x + at.w, title).toBeLessThanOrEqual(24)
      for (let x = at.x; x < at.x + at.w; x++) {
        for (let y = at.y; y < at.y + at.h; y++) {
          expect(taken.has(`${x}/${y}`), title).toBe(false)
          taken.add(`${x}/${y}`)
        }
      }
    }
  })

  it.each(graphs)("asks for what servers tell: $title", ({ targets }) => {
    expect(targets.length).toBeGreaterThan(0)
    expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length)
    for (const { expr, legendFormat } of targets) {
      const filled = filledIn(expr)
      expect(filled).not.toContain("$")
      expect(unknownIn(filled, knownMetrics())).toEqual([])
      const { selectors, grouped } = parsePromql(filled)
      for (const { metric, labels } of selectors)
        expect(labels, metric).toEqual(expect.arrayContaining(["job", "instance"]))
      for (const [, label] of legendFormat.matchAll(/\{\{(\w+)\}\}/g)) {
        if (!/\bby\b/.test(filled)) expect(label).toBe("instance")
        else expect(grouped).toContain(label)
      }
    }
  })
})
