import * as z from "zod/mini"
import { newTopicName, topicName } from "../schemas/fields.ts"
import {
  alterTopicBody,
  createTopicBody,
  deletedRecords,
  deleteRecordsQuery,
  fence,
  listTopicsQuery,
  setFenceBody,
  topic,
  topicList,
} from "../schemas/topics.ts"
import { partitionParams } from "./partition-params.ts"
import { paths } from "./paths.ts"
import { none, route, writeErrors } from "./route.ts"

const params = z.strictObject({ topic: topicName })

/** Topics, and what is done to their partitions as a whole. */
export const topicRoutes = {
  createTopic: route({
    id: "createTopic",
    ...paths.createTopic,
    tag: "Topics",
    access: ["create topic"],
    audit: ["topic", "partitions", "config"],
    summary: "Create a topic",
    description:
      "Safe to repeat: the same settings answer 200, other settings 409. Whoever may create the topic, but not describe it, " +
      "gets 409 in both cases, and no settings.",
    params: z.strictObject({ topic: newTopicName }),
    query: none,
    body: { json: createTopicBody, optional: true },
    responses: {
      201: { description: "Created", json: topic },
      200: { description: "It exists with these settings", json: topic },
    },
    errors: ["topic_conflict", "invalid_config", "concurrent_change", ...writeErrors],
  }),
  listTopics: route({
    id: "listTopics",
    ...paths.listTopics,
    tag: "Topics",
    access: "known",
    summary: "List topics",
    description:
      "By name, a page at a time: those that the caller may describe. A page may hold fewer than `limit`, even none, and yet " +
      "have a `nextCursor`: go on until there is none.",
    params: none,
    query: listTopicsQuery,
    responses: { 200: { description: "A page of topics", json: topicList } },
    errors: [],
  }),
  describeTopic: route({
    id: "describeTopic",
    ...paths.describeTopic,
    tag: "Topics",
    access: ["describe topic"],
    summary: "Describe a topic",
    description: "Its partitions and the configuration in force.",
    params,
    query: none,
    responses: { 200: { description: "The topic", json: topic } },
    errors: ["topic_not_found"],
  }),
  alterTopic: route({
    id: "alterTopic",
    ...paths.alterTopic,
    tag: "Topics",
    access: ["alter topic", "alter_configs topic", "describe topic"],
    audit: ["topic", "partitions", "config"],
    summary: "Change a topic",
    description:
      "Sets configuration and adds partitions. With more partitions, keys move to other partitions from then on, as in Kafka.",
    params,
    query: none,
    body: { json: alterTopicBody },
    responses: { 200: { description: "The topic as it is now", json: topic } },
    errors: ["topic_not_found", "invalid_config", "concurrent_change", ...writeErrors],
  }),
  deleteTopic: route({
    id: "deleteTopic",
    ...paths.deleteTopic,
    tag: "Topics",
    access: ["delete topic"],
    audit: ["topic"],
    summary: "Delete a topic",
    description: "With its records and the offsets that groups committed for it.",
    params,
    query: none,
    responses: { 204: { description: "Deleted" } },
    errors: ["topic_not_found", ...writeErrors],
  }),
  deleteRecords: route({
    id: "deleteRecords",
    ...paths.deleteRecords,
    tag: "Records",
    access: ["delete topic"],
    audit: ["topic", "partition", "before"],
    summary: "Delete old records",
    description: "Moves the log start offset forward (Kafka's DeleteRecords). It never goes back.",
    params: partitionParams,
    query: deleteRecordsQuery,
    responses: { 200: { description: "The log start offset as it is now", json: deletedRecords } },
    errors: ["topic_not_found", "partition_not_found", "offset_beyond_end", ...writeErrors],
  }),
  setFence: route({
    id: "setFence",
    ...paths.setFence,
    tag: "Records",
    access: ["write topic"],
    audit: ["topic", "partition"],
    summary: "Set the fencing token",
    description: "On condition of the present one. Appends that name another token are refused from then on.",
    params: partitionParams,
    query: none,
    body: { json: setFenceBody },
    responses: { 200: { description: "Set", json: fence } },
    errors: ["topic_not_found", "partition_not_found", "fence_failed", ...writeErrors],
  }),
} as const
