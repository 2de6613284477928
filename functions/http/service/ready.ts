/** GET /v1/health */
import { problem, serviceRoutes } from "stratalog/protocol"
import { serviceRules } from "../access/rules.ts"
import type { AdminDependencies } from "../dependencies.ts"
import { endpoint } from "../endpoint.ts"
import { json, problemResponse } from "../exchange.ts"
import { fresh } from "./live.ts"

export function readyEndpoint({ health, version }: Pick<AdminDependencies, "health" | "version">) {
  return endpoint(serviceRoutes.ready, serviceRules.ready, () => {
    const state = health()
    if (state.kind === "ok") return json(200, { status: "ok", version }, fresh)
    return problemResponse(problem(state.full ? "storage_full" : "unavailable", state.detail))
  })
}
