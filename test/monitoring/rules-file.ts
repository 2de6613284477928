/** monitoring/prometheus/stratalog.rules.yml, read as Prometheus reads it. */
import { readFileSync } from "node:fs"
import { parse } from "yaml"
import * as z from "zod"

const recording = z.strictObject({ record: z.string(), expr: z.string() })
const alert = z.strictObject({
  alert: z.string(),
  expr: z.string(),
  for: z.string().optional(),
  labels: z.strictObject({ severity: z.enum(["critical", "warning", "info"]) }),
  annotations: z.strictObject({ summary: z.string().endsWith("."), runbook_url: z.string() }),
})
const file = z.strictObject({
  groups: z.array(z.strictObject({ name: z.string(), rules: z.array(z.union([recording, alert])).min(1) })),
})

export const rulesFile = new URL("../../monitoring/prometheus/stratalog.rules.yml", import.meta.url)

const rules = file.parse(parse(readFileSync(rulesFile, "utf8"))).groups.flatMap((group) => group.rules)

export const alerts = rules.filter((rule) => "alert" in rule)

/** Name -> expression. */
export const recordings = Object.fromEntries(
  rules.flatMap((rule) => ("record" in rule ? [[rule.record, rule.expr] as const] : [])),
)
