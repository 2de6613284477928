import * as z from "zod/mini"
import { fetched, fetchedMany, fetchManyBody, fetchQuery } from "../schemas/fetch.ts"
import { topicName } from "../schemas/fields.ts"
import { offsetsQuery, topicOffsets } from "../schemas/topic-offsets.ts"
import { partitionParams } from "./partition-params.ts"
import { paths } from "./paths.ts"
import { BATCH_TYPE, bodyErrors, EVENT_STREAM_TYPE, none, route } from "./route.ts"

const readErrors = [
  "topic_not_found",
  "partition_not_found",
  "offset_below_log_start",
  "offset_beyond_end",
  "corrupt_log",
] as const

/** What reads records, for whoever is in no group. */
export const fetchRoutes = {
  fetchRecords: route({
    id: "fetchRecords",
    ...paths.fetchRecords,
    tag: "Records",
    access: ["read topic"],
    summary: "Fetch records of one partition",
    description:
      "From an offset, a time, or a number of records before the end; waits for more if asked to. As a stream of " +
      "server-sent events it goes on until the client leaves, or may not read the topic any more; `Last-Event-ID` resumes it.",
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
    ...paths.fetchMany,
    tag: "Records",
    access: ["read topic"],
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
  topicOffsets: route({
    id: "topicOffsets",
    ...paths.topicOffsets,
    tag: "Topics",
    access: ["describe topic"],
    summary: "Offsets of a topic",
    description: "The first and the next offset of each partition, and the offset at a time (Kafka's ListOffsets).",
    params: z.strictObject({ topic: topicName }),
    query: offsetsQuery,
    responses: { 200: { description: "Offsets by partition", json: topicOffsets } },
    errors: ["topic_not_found", "partition_not_found", "corrupt_log"],
  }),
} as const
