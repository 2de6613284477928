import { accessRoutes } from "./access.ts"
import { consumeRoutes } from "./consume.ts"
import { fetchRoutes } from "./fetch.ts"
import { groupRoutes } from "./groups.ts"
import type { paths } from "./paths.ts"
import { produceRoutes } from "./produce.ts"
import type { Route } from "./route.ts"
import { serviceRoutes } from "./service.ts"
import { topicRoutes } from "./topics.ts"

/** Every route of the HTTP API, by id. */
export const routes = {
  ...topicRoutes,
  ...produceRoutes,
  ...fetchRoutes,
  ...groupRoutes,
  ...consumeRoutes,
  ...accessRoutes,
  ...serviceRoutes,
} as const satisfies Readonly<Record<keyof typeof paths, Route>>

export type RouteId = keyof typeof routes
