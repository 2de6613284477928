/** monitoring/grafana/stratalog.json: the panels in the form that Grafana imports (its dashboard JSON, schema version 39). */
import { type Panel, type Row, rows } from "./panels.ts"

const COLUMNS = 24
const HEIGHT = { stat: 4, lines: 8 }
const SOURCE = { type: "prometheus", uid: "$datasource" }
/** The servers that the variables name. */
const OF = 'job="$job",instance=~"$instance"'

export function grafanaDashboard(): string {
  const dashboard = {
    uid: "stratalog",
    title: "Stratalog",
    description: "Servers of Stratalog, by what they tell at /metrics. What to do about alerts: RUNBOOK.md.",
    tags: ["stratalog"],
    schemaVersion: 39,
    version: 1,
    editable: true,
    graphTooltip: 1,
    refresh: "30s",
    time: { from: "now-6h", to: "now" },
    timezone: "browser",
    annotations: { list: [] },
    links: [],
    templating: { list: variables() },
    panels: placed(rows),
  }
  return `${JSON.stringify(dashboard, undefined, 2)}\n`
}

function variables() {
  const named = (name: string, label: string, query: string, more: object) => ({
    name,
    label,
    type: "query",
    datasource: SOURCE,
    query: { query, refId: name },
    refresh: 2,
    sort: 1,
    ...more,
  })
  return [
    { name: "datasource", label: "Data source", type: "datasource", query: "prometheus", refresh: 1 },
    named("job", "Job", "label_values(stratalog_build_info, job)", {}),
    named("instance", "Server", 'label_values(stratalog_build_info{job="$job"}, instance)', {
      includeAll: true,
      multi: true,
      current: { text: ["All"], value: ["$__all"] },
    }),
  ]
}

/** Rows one below the other, their panels from left to right. */
function placed(all: readonly Row[]): readonly object[] {
  const made: object[] = []
  let y = 0
  for (const { title, panels } of all) {
    made.push({ id: made.length + 1, type: "row", title, collapsed: false, gridPos: { h: 1, w: COLUMNS, x: 0, y } })
    y += 1
    for (const line of lines(panels)) {
      const [first] = line
      const h = first?.stat ? HEIGHT.stat : HEIGHT.lines
      const w = COLUMNS / line.length
      line.forEach((panel, at) => {
        made.push(panelOf(panel, made.length + 1, { h, w, x: at * w, y }))
      })
      y += h
    }
  }
  return made
}

/** Figures all beside each other; graphs by two or three. */
function lines(panels: readonly Panel[]): readonly (readonly Panel[])[] {
  if (panels[0]?.stat) return [panels]
  const found: Panel[][] = []
  for (let rest = [...panels]; rest.length > 0; )
    found.push(rest.splice(0, rest.length % 2 === 0 && rest.length !== 6 ? 2 : 3))
  return found
}

function panelOf({ title, text, unit, lines: named, stat, stacked }: Panel, id: number, gridPos: object): object {
  const custom = {
    drawStyle: "line",
    fillOpacity: stacked ? 30 : 8,
    showPoints: "never",
    stacking: { mode: stacked ? "normal" : "none" },
  }
  const options = stat
    ? { reduceOptions: { calcs: ["lastNotNull"] }, colorMode: "value", graphMode: "area" }
    : { legend: { displayMode: "list", placement: "bottom" }, tooltip: { mode: "multi", sort: "desc" } }
  return {
    id,
    type: stat ? "stat" : "timeseries",
    title,
    ...(text !== "" && { description: text }),
    datasource: SOURCE,
    gridPos,
    fieldConfig: { defaults: { unit, min: 0, ...(!stat && { custom }) }, overrides: [] },
    options,
    targets: Object.entries(named).map(([legendFormat, expr], at) => ({
      refId: String.fromCharCode("A".charCodeAt(0) + at),
      datasource: SOURCE,
      expr: expr.replaceAll("$of", OF),
      legendFormat,
    })),
  }
}
