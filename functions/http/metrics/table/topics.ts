/** What topics hold, and how far groups are in them. Told for a bounded number of each. */
import type { Metric } from "./metric.ts"

export const topicRecords: Metric<"topic"> = {
  name: "stratalog_topic_records_total",
  type: "counter",
  help: "Records appended to the topic since it was created.",
  unit: "count",
  labels: ["topic"],
}

export const topicBytes: Metric<"topic"> = {
  name: "stratalog_topic_bytes",
  type: "gauge",
  help: "Bytes of the topic's record batches that can be read.",
  unit: "bytes",
  labels: ["topic"],
}

export const topicPartitions: Metric<"topic"> = {
  name: "stratalog_topic_partitions",
  type: "gauge",
  help: "Partitions of the topic.",
  unit: "count",
  labels: ["topic"],
}

export const topicsUntold: Metric<never> = {
  name: "stratalog_topics_untold",
  type: "gauge",
  help: "1 where there are more topics than are told here.",
  unit: "flag",
  labels: [],
}

export const groupLag: Metric<"group" | "topic" | "partition"> = {
  name: "stratalog_group_lag",
  type: "gauge",
  help: "Records that the group has still to read; in CloudWatch those of all its partitions together. Absent where it committed no offset.",
  unit: "count",
  labels: ["group", "topic", "partition"],
  cloudWatch: ["Group"],
}

export const groupMembers: Metric<"group"> = {
  name: "stratalog_group_members",
  type: "gauge",
  help: "Members of the group that hold partitions.",
  unit: "count",
  labels: ["group"],
}

export const groupsUntold: Metric<never> = {
  name: "stratalog_groups_untold",
  type: "gauge",
  help: "1 where groups have more partitions than are told here.",
  unit: "flag",
  labels: [],
}
