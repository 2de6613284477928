/**
 * What a caller must be allowed for each route, by concern, as Kafka has it. The routes tell it to people (`access`); a test
 * holds the two together.
 */
import type {
  accessRoutes,
  consumeRoutes,
  fetchRoutes,
  groupRoutes,
  produceRoutes,
  Route,
  serviceRoutes,
  topicRoutes,
} from "stratalog/protocol"
import { CLUSTER_NAME, type Operation, type Requirement } from "../../access/acl.ts"
import type { Rule } from "../endpoint.ts"
import { onSubscription, onTopic } from "./topics.ts"

type Rules<Routes extends Readonly<Record<string, Route>>> = { readonly [Id in keyof Routes]: Rule<Routes[Id]> }

export const describeCluster: Requirement = {
  operation: "describe",
  resourceType: "cluster",
  resourceName: CLUSTER_NAME,
}

const alterCluster: Requirement = { ...describeCluster, operation: "alter" }

const onGroup = (operation: Operation, resourceName: string): Requirement => {
  return { operation, resourceType: "group", resourceName }
}

/** The same of each topic that is named, once. */
function onEach(operation: Operation, named: readonly { readonly topic: string }[] = []): readonly Requirement[] {
  return [...new Set(named.map(({ topic }) => topic))].map((name) => onTopic(operation, name))
}

function subscribed(topics: readonly string[] = []): readonly Requirement[] {
  return topics.map((name) => onSubscription("read", name))
}

/** For routes that any caller may use, or that answer no more than their caller may see. */
const nothing = (): readonly Requirement[] => []

export const topicRules: Rules<typeof topicRoutes> = {
  createTopic: ({ params }) => [onTopic("create", params.topic)],
  listTopics: nothing,
  describeTopic: ({ params }) => [onTopic("describe", params.topic)],
  alterTopic: ({ params, body: { value } }) => [
    ...(value.partitions === undefined ? [] : [onTopic("alter", params.topic)]),
    ...(value.config === undefined ? [] : [onTopic("alter_configs", params.topic)]),
    // The answer describes it.
    onTopic("describe", params.topic),
  ],
  deleteTopic: ({ params }) => [onTopic("delete", params.topic)],
  deleteRecords: ({ params }) => [onTopic("delete", params.topic)],
  setFence: ({ params }) => [onTopic("write", params.topic)],
}

export const produceRules: Rules<typeof produceRoutes> = {
  produceToTopic: ({ params }) => [onTopic("write", params.topic)],
  produceToPartition: ({ params }) => [onTopic("write", params.topic)],
  produceMany: ({ body }) => onEach("write", body.value.entries),
  initProducer: nothing,
}

export const fetchRules: Rules<typeof fetchRoutes> = {
  fetchRecords: ({ params }) => [onTopic("read", params.topic)],
  fetchMany: ({ body }) => onEach("read", body.value.partitions),
  topicOffsets: ({ params }) => [onTopic("describe", params.topic)],
}

export const groupRules: Rules<typeof groupRoutes> = {
  listGroups: nothing,
  describeGroup: ({ params }) => [onGroup("describe", params.group)],
  deleteGroup: ({ params }) => [onGroup("delete", params.group)],
}

export const consumeRules: Rules<typeof consumeRoutes> = {
  heartbeat: ({ params, body }) => [onGroup("read", params.group), ...subscribed(body.value.topics)],
  poll: ({ params, body: { value } }) => [
    onGroup("read", params.group),
    ...subscribed(value.topics),
    ...onEach("read", value.commit),
  ],
  leaveGroup: ({ params }) => [onGroup("read", params.group)],
  commitOffsets: ({ params, body }) => [onGroup("read", params.group), ...onEach("read", body.value.offsets)],
  committedOffsets: ({ params, query: { topic } }) => [
    onGroup("describe", params.group),
    ...(topic === undefined ? [] : [onTopic("describe", topic)]),
  ],
  resetOffsets: ({ params, body }) => [onGroup("read", params.group), ...onEach("read", body.value.topics)],
  groupLag: ({ params }) => [onGroup("describe", params.group)],
}

export const accessRules: Rules<typeof accessRoutes> = {
  createKey: () => [alterCluster],
  listKeys: () => [describeCluster],
  revokeKey: () => [alterCluster],
  listAcls: () => [describeCluster],
  addAcls: () => [alterCluster],
  removeAcls: () => [alterCluster],
  whoami: nothing,
}

export const serviceRules: Rules<typeof serviceRoutes> = {
  limits: nothing,
  ready: nothing,
  live: nothing,
  upkeep: () => [describeCluster],
}
