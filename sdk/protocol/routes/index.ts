import { groupRoutes } from "./groups.ts"
import { recordRoutes } from "./records.ts"
import { serviceRoutes } from "./service.ts"
import { topicRoutes } from "./topics.ts"

/** Every route of the HTTP API, by id. */
export const routes = { ...topicRoutes, ...recordRoutes, ...groupRoutes, ...serviceRoutes } as const

export type RouteId = keyof typeof routes
