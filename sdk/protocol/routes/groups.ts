import * as z from "zod"
import { groupName } from "../schemas/fields.ts"
import {
  commitOffsetsBody,
  committedOffsets,
  committedOffsetsQuery,
  groupDescription,
  groupLag,
  groupList,
  listGroupsQuery,
} from "../schemas/groups.ts"
import { bodyErrors, none, route, writeErrors } from "./route.ts"

const params = z.strictObject({ group: groupName })

export const groupRoutes = {
  listGroups: route({
    id: "listGroups",
    method: "GET",
    path: "/v1/groups",
    tag: "Groups",
    summary: "List groups",
    description: "By name, a page at a time.",
    params: none,
    query: listGroupsQuery,
    responses: { 200: { description: "A page of groups", json: groupList } },
    errors: [],
  }),
  describeGroup: route({
    id: "describeGroup",
    method: "GET",
    path: "/v1/groups/{group}",
    tag: "Groups",
    summary: "Describe a group",
    description: "Its state and the topics it committed offsets for.",
    params,
    query: none,
    responses: { 200: { description: "The group", json: groupDescription } },
    errors: ["group_not_found"],
  }),
  deleteGroup: route({
    id: "deleteGroup",
    method: "DELETE",
    path: "/v1/groups/{group}",
    tag: "Groups",
    summary: "Delete a group",
    description: "With its committed offsets.",
    params,
    query: none,
    responses: { 204: { description: "Deleted" } },
    errors: ["group_not_found", ...writeErrors],
  }),
  commitOffsets: route({
    id: "commitOffsets",
    method: "POST",
    path: "/v1/groups/{group}/offsets",
    tag: "Groups",
    summary: "Commit offsets",
    description:
      "Each offset is the next one to read. A commit only moves forward; the same offset again is no error. " +
      "Nothing is committed if one of them is refused.",
    params,
    query: none,
    body: { json: commitOffsetsBody },
    responses: { 200: { description: "Committed, durable", json: committedOffsets } },
    errors: [
      ...bodyErrors,
      "topic_not_found",
      "partition_not_found",
      "offset_regression",
      "offset_beyond_end",
      ...writeErrors,
    ],
  }),
  committedOffsets: route({
    id: "committedOffsets",
    method: "GET",
    path: "/v1/groups/{group}/offsets",
    tag: "Groups",
    summary: "Committed offsets of a group",
    description: "By topic and partition.",
    params,
    query: committedOffsetsQuery,
    responses: { 200: { description: "Committed offsets", json: committedOffsets } },
    errors: ["group_not_found"],
  }),
  groupLag: route({
    id: "groupLag",
    method: "GET",
    path: "/v1/groups/{group}/lag",
    tag: "Groups",
    summary: "Lag of a group",
    description: "How far each partition's committed offset is behind its high watermark, in records.",
    params,
    query: none,
    responses: { 200: { description: "Lag by partition", json: groupLag } },
    errors: ["group_not_found"],
  }),
} as const
