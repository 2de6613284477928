import { health, initProducerBody, limitsSchema, producerId } from "../schemas/service.ts"
import { upkeepStatus } from "../schemas/upkeep.ts"
import { bodyErrors, none, route, writeErrors } from "./route.ts"

export const serviceRoutes = {
  initProducer: route({
    id: "initProducer",
    method: "POST",
    path: "/v1/producers",
    tag: "Producers",
    summary: "Get a producer id",
    description:
      "A new id with epoch 0, or the next epoch of an id (Kafka's InitProducerId). Appends that carry id, epoch and " +
      "sequence are idempotent.",
    params: none,
    query: none,
    body: { json: initProducerBody, optional: true },
    responses: { 200: { description: "The producer's id and epoch", json: producerId } },
    errors: [...bodyErrors, "producer_not_found", "producer_fenced", ...writeErrors],
  }),
  limits: route({
    id: "limits",
    method: "GET",
    path: "/v1/limits",
    tag: "Service",
    summary: "Limits in force",
    description: "Sizes in bytes, times in milliseconds.",
    params: none,
    query: none,
    responses: { 200: { description: "The limits", json: limitsSchema } },
    errors: [],
  }),
  ready: route({
    id: "ready",
    method: "GET",
    path: "/v1/health",
    tag: "Service",
    summary: "Can it take appends?",
    description: "503 where the storage cannot be written.",
    params: none,
    query: none,
    responses: { 200: { description: "Ready", json: health } },
    errors: ["storage_full"],
  }),
  live: route({
    id: "live",
    method: "GET",
    path: "/v1/health/live",
    tag: "Service",
    summary: "Does the process answer?",
    description: "200 as long as it does.",
    params: none,
    query: none,
    responses: { 200: { description: "Alive", json: health } },
    errors: [],
  }),
  upkeep: route({
    id: "upkeep",
    method: "GET",
    path: "/v1/upkeep",
    tag: "Service",
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
