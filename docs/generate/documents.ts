/** The generated documents: file name -> content. */
import { type Route, routes } from "stratalog/protocol"
import { openApiDocument } from "../../functions/http/openapi/document.ts"
import { version } from "../../functions/server/version.ts"
import { accessMarkdown } from "./access.ts"
import { apiMarkdown } from "./api.ts"
import { configurationMarkdown } from "./configuration.ts"
import { costMarkdown } from "./cost.ts"
import { deploymentDocuments } from "./deployment.ts"
import { errorsMarkdown } from "./errors.ts"
import { grafanaDashboard } from "./grafana/dashboard.ts"
import { metricsMarkdown } from "./metrics.ts"
import { frontDoorsMarkdown } from "./policies.ts"

export function documents(): Readonly<Record<string, string>> {
  const table = Object.values<Route>(routes)
  return {
    "openapi.json": `${JSON.stringify(openApiDocument(table, version), undefined, 2)}\n`,
    "access.md": accessMarkdown(table),
    "api.md": apiMarkdown(table, version),
    "errors.md": errorsMarkdown(),
    "metrics.md": metricsMarkdown(),
    "configuration.md": configurationMarkdown(),
    "front-doors.md": frontDoorsMarkdown(),
    "cost.md": costMarkdown(),
    "../monitoring/grafana/stratalog.json": grafanaDashboard(),
    ...deploymentDocuments(),
  }
}
