import { health, limitsSchema } from "../schemas/service.ts"
import { upkeepStatus } from "../schemas/upkeep.ts"
import { paths } from "./paths.ts"
import { none, route } from "./route.ts"

/** What tells of the service. */
export const serviceRoutes = {
  limits: route({
    id: "limits",
    ...paths.limits,
    tag: "Service",
    access: "known",
    summary: "Limits in force",
    description: "Sizes in bytes, times in milliseconds.",
    params: none,
    query: none,
    responses: { 200: { description: "The limits", json: limitsSchema } },
    errors: [],
  }),
  ready: route({
    id: "ready",
    ...paths.ready,
    tag: "Service",
    access: "open",
    summary: "Can it take appends?",
    description: "503 where the storage cannot be written.",
    params: none,
    query: none,
    responses: { 200: { description: "Ready", json: health } },
    errors: ["storage_full"],
  }),
  live: route({
    id: "live",
    ...paths.live,
    tag: "Service",
    access: "open",
    summary: "Does the process answer?",
    description: "200 as long as it does.",
    params: none,
    query: none,
    responses: { 200: { description: "Alive", json: health } },
    errors: [],
  }),
  upkeep: route({
    id: "upkeep",
    ...paths.upkeep,
    tag: "Service",
    access: ["describe cluster"],
    summary: "Does upkeep work?",
    description:
      "Upkeep moves the log into segments, enforces retention and compaction, and sweeps what nothing refers to. This tells " +
      "what its last runs did and left, times in epoch milliseconds; null for what has not happened yet. Overlapping runs " +
      "overwrite each other's report.",
    params: none,
    query: none,
    responses: { 200: { description: "What the last runs did", json: upkeepStatus } },
    errors: [],
  }),
} as const
