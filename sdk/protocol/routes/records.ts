import * as z from "zod/mini"
import { topicName } from "../schemas/fields.ts"
import { fetchedMany, producedMany, producedPartly, producedToTopic } from "../schemas/produced.ts"
import {
  fetched,
  fetchManyBody,
  fetchQuery,
  produced,
  produceManyBody,
  produceQuery,
  produceToPartitionBody,
  produceToTopicBody,
} from "../schemas/records.ts"
import { BATCH_TYPE, bodyErrors, EVENT_STREAM_TYPE, none, route, writeErrors } from "./route.ts"
import { partitionParams } from "./topics.ts"

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

const readErrors = [
  "topic_not_found",
  "partition_not_found",
  "offset_below_log_start",
  "offset_beyond_end",
  "corrupt_log",
] as const

export const recordRoutes = {
  produceToTopic: route({
    id: "produceToTopic",
    method: "POST",
    path: "/v1/topics/{topic}/records",
    tag: "Records",
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
    method: "POST",
    path: "/v1/topics/{topic}/partitions/{partition}/records",
    tag: "Records",
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
    method: "POST",
    path: "/v1/produce",
    tag: "Records",
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
  fetchRecords: route({
    id: "fetchRecords",
    method: "GET",
    path: "/v1/topics/{topic}/partitions/{partition}/records",
    tag: "Records",
    summary: "Fetch records of one partition",
    description:
      "From an offset, a time, or a number of records before the end; waits for more if asked to. As a stream of " +
      "server-sent events it goes on until the client leaves; `Last-Event-ID` resumes it.",
    params: partitionParams,
    query: fetchQuery,
    headers: {
      "If-None-Match": "The ETag of an answer: 304 where nothing differs from it",
      "Last-Event-ID": "The id of the last event seen: the stream goes on behind it",
    },
    responses: {
      200: {
        description: "Records, or none if the offset is the end and nothing came",
        json: fetched,
        alsoAs: [BATCH_TYPE, EVENT_STREAM_TYPE],
        headers: {
          ETag: "Names this answer; send it as If-None-Match",
          "Stratalog-Next-Offset": "Where to go on",
          "Stratalog-High-Watermark": "The offset of the next record to be written",
          "Stratalog-Log-Start-Offset": "The first offset that can be read",
        },
      },
      304: { description: "Nothing differs from the answer that If-None-Match names" },
    },
    errors: readErrors,
  }),
  fetchMany: route({
    id: "fetchMany",
    method: "POST",
    path: "/v1/fetch",
    tag: "Records",
    summary: "Fetch from many partitions",
    description: "`limit` and `maxBytes` bound the whole answer; 207 says which partitions failed.",
    params: none,
    query: none,
    body: { json: fetchManyBody },
    responses: {
      200: { description: "Records by partition, in the order asked for", json: fetchedMany },
      207: { description: "Some partitions failed", json: fetchedMany },
    },
    errors: [...bodyErrors, ...readErrors],
  }),
} as const
