import * as z from "zod/mini"
import { topicName } from "../schemas/fields.ts"
import { produceManyBody, produceQuery, produceToPartitionBody, produceToTopicBody } from "../schemas/produce.ts"
import { produced, producedMany, producedPartly, producedToTopic } from "../schemas/produced.ts"
import { initProducerBody, producerId } from "../schemas/producers.ts"
import { partitionParams } from "./partition-params.ts"
import { paths } from "./paths.ts"
import { bodyErrors, none, route, writeErrors } from "./route.ts"

const appendErrors = [
  ...bodyErrors,
  "corrupt_batch",
  "invalid_batch",
  "topic_not_found",
  "partition_not_found",
  "sequence_gap",
  "producer_fenced",
  "match_failed",
  "fence_failed",
  "batch_too_large",
  ...writeErrors,
] as const

/** What writes records. */
export const produceRoutes = {
  produceToTopic: route({
    id: "produceToTopic",
    ...paths.produceToTopic,
    tag: "Records",
    access: ["write topic"],
    summary: "Produce records by key",
    description:
      "Records with a key go to the partition that Kafka's murmur2 gives; those without one go together to one partition. " +
      "Each partition's records are appended all or none; 207 says which partitions failed.",
    params: z.strictObject({ topic: topicName }),
    query: none,
    body: { json: produceToTopicBody },
    responses: {
      200: { description: "All appended", json: producedToTopic },
      207: { description: "Some partitions failed", json: producedPartly },
    },
    errors: appendErrors,
  }),
  produceToPartition: route({
    id: "produceToPartition",
    ...paths.produceToPartition,
    tag: "Records",
    access: ["write topic"],
    summary: "Produce records to one partition",
    description: "JSON, or one binary record batch. All or nothing.",
    params: partitionParams,
    query: produceQuery,
    body: { json: produceToPartitionBody, batch: true },
    responses: { 200: { description: "Appended, durable", json: produced } },
    errors: appendErrors,
  }),
  produceMany: route({
    id: "produceMany",
    ...paths.produceMany,
    tag: "Records",
    access: ["write topic"],
    summary: "Produce to many partitions",
    description:
      "Each entry by itself is all or nothing; 207 says which failed. Results are in the order of the entries.",
    params: none,
    query: none,
    body: { json: produceManyBody },
    responses: {
      200: { description: "All appended", json: producedMany },
      207: { description: "Some entries failed", json: producedMany },
    },
    errors: appendErrors,
  }),
  initProducer: route({
    id: "initProducer",
    ...paths.initProducer,
    tag: "Producers",
    access: ["write topic"],
    summary: "Get a producer id",
    description:
      "A new id with epoch 0, or the next epoch of an id (Kafka's InitProducerId). Appends that carry id, epoch and " +
      "sequence are idempotent. Whoever may write to any topic gets one. An id is no secret and nobody's own: the next epoch " +
      "goes to whoever names the present one, and fences former epochs only in partitions that it then writes to.",
    params: none,
    query: none,
    body: { json: initProducerBody, optional: true },
    responses: { 200: { description: "The producer's id and epoch", json: producerId } },
    errors: [...bodyErrors, "producer_not_found", "producer_fenced", ...writeErrors],
  }),
} as const
