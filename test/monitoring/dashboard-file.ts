/** monitoring/grafana/stratalog.json, as far as its expressions go. */
import { readFileSync } from "node:fs"
import * as z from "zod"

const source = z.strictObject({ type: z.literal("prometheus"), uid: z.literal("$datasource") })
const gridPos = z.strictObject({ h: z.int().min(1), w: z.int().min(1).max(24), x: z.int().min(0), y: z.int().min(0) })
const target = z.strictObject({
  refId: z.string().regex(/^[A-Z]$/),
  datasource: source,
  expr: z.string(),
  legendFormat: z.string(),
})
const panel = z.looseObject({
  id: z.int().min(1),
  title: z.string().min(1),
  type: z.enum(["row", "stat", "timeseries"]),
  gridPos,
  datasource: source.optional(),
  targets: z.array(target).optional(),
})
const file = z.looseObject({
  uid: z.string().regex(/^[A-Za-z0-9_-]{1,40}$/),
  title: z.string().min(1),
  schemaVersion: z.int().min(36),
  panels: z.array(panel),
  templating: z.strictObject({ list: z.array(z.looseObject({ name: z.string(), type: z.string() })) }),
})

export const dashboardText = readFileSync(new URL("../../monitoring/grafana/stratalog.json", import.meta.url), "utf8")
export const dashboard = file.parse(JSON.parse(dashboardText))

export const graphs = dashboard.panels
  .filter(({ type }) => type !== "row")
  .map(({ title, targets = [] }) => ({ title, targets }))

/** As Grafana fills it in. `instance`: a pattern. */
export function filledIn(expr: string, instance = "a|b"): string {
  return expr.replaceAll("$__rate_interval", "5m").replaceAll("$instance", instance).replaceAll("$job", "stratalog")
}
