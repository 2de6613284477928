import * as z from "zod/mini"
import { groupName } from "../schemas/fields.ts"
import { heartbeat, heartbeatBody, pollBody, polled } from "../schemas/group-members.ts"
import {
  commitOffsetsBody,
  committedOffsets,
  committedOffsetsQuery,
  groupLag,
  resetOffsets,
  resetOffsetsBody,
} from "../schemas/group-offsets.ts"
import { groupParams } from "../schemas/groups.ts"
import { memberId } from "../schemas/members.ts"
import { paths } from "./paths.ts"
import { bodyErrors, none, POLL_TYPE, route, writeErrors } from "./route.ts"

const memberParams = z.strictObject({ group: groupName, member: memberId })

/** What the members of a group ask for, and what concerns its offsets. */
export const consumeRoutes = {
  heartbeat: route({
    id: "heartbeat",
    ...paths.heartbeat,
    tag: "Groups",
    access: ["read group", "read topic"],
    summary: "Join a group and stay in it",
    description:
      "Joins, keeps the member alive, tells which partitions it still reads and answers which it may read. A partition " +
      "goes to another member only after its present one gave it up. Safe to repeat. Refused where the member was given " +
      "partitions of a topic that the caller may not read.",
    params: memberParams,
    query: none,
    body: { json: heartbeatBody },
    responses: { 200: { description: "What the member may read now", json: heartbeat } },
    errors: [...bodyErrors, "member_not_found", "member_fenced", "group_full", "concurrent_change", ...writeErrors],
  }),
  poll: route({
    id: "poll",
    ...paths.poll,
    tag: "Groups",
    access: ["read group", "read topic"],
    summary: "Consume in a group",
    description:
      "One request a round: commits what was processed, does what a heartbeat does, and fetches from the member's " +
      "partitions, waiting for records if asked to. It joins a group that the member is not in yet. The answer comes " +
      "early, without records, when the assignment changes. Refused, with nothing committed or read, where the member was " +
      "given partitions of a topic that the caller may not read. " +
      `As \`${POLL_TYPE}\` it is the length of a head (four bytes, big-endian), the head as JSON, and the record batches, ` +
      "partition by partition in the order of the head's `batches`, each of which says its `bytes`, and the `offset` where reading began.",
    params: memberParams,
    query: none,
    body: { json: pollBody },
    responses: { 200: { description: "The assignment, and records from it", json: polled, alsoAs: [POLL_TYPE] } },
    errors: [
      ...bodyErrors,
      "member_not_found",
      "member_fenced",
      "group_full",
      "concurrent_change",
      "offset_beyond_end",
      ...writeErrors,
    ],
  }),
  leaveGroup: route({
    id: "leaveGroup",
    ...paths.leaveGroup,
    tag: "Groups",
    access: ["read group"],
    summary: "Leave a group",
    description: "Its partitions go to the others at once: what it still wanted to commit comes before.",
    params: memberParams,
    query: none,
    responses: { 204: { description: "Left" } },
    errors: ["member_not_found", "concurrent_change", ...writeErrors],
  }),
  commitOffsets: route({
    id: "commitOffsets",
    ...paths.commitOffsets,
    tag: "Groups",
    access: ["read group", "read topic"],
    summary: "Commit offsets",
    description:
      "Each offset is the next one to read. A commit only moves forward; the same offset again is no error. " +
      "Nothing is committed if one of them is refused. While the group has members, only they commit: with `memberId`.",
    params: groupParams,
    query: none,
    body: { json: commitOffsetsBody },
    responses: { 200: { description: "Committed, durable", json: committedOffsets } },
    errors: [
      ...bodyErrors,
      "topic_not_found",
      "partition_not_found",
      "offset_regression",
      "offset_beyond_end",
      "member_not_found",
      "member_fenced",
      "group_not_empty",
      "concurrent_change",
      ...writeErrors,
    ],
  }),
  committedOffsets: route({
    id: "committedOffsets",
    ...paths.committedOffsets,
    tag: "Groups",
    access: ["describe group", "describe topic"],
    summary: "Committed offsets of a group",
    description:
      "By topic and partition. Topics that the caller may not describe are left out; asking for one by `topic` is refused.",
    params: groupParams,
    query: committedOffsetsQuery,
    responses: { 200: { description: "Committed offsets", json: committedOffsets } },
    errors: ["group_not_found"],
  }),
  resetOffsets: route({
    id: "resetOffsets",
    ...paths.resetOffsets,
    tag: "Groups",
    access: ["read group", "read topic"],
    audit: ["group", "topics", "to", "offset", "timestamp", "by", "shift", "execute"],
    summary: "Reset committed offsets",
    description:
      "Of a group that nobody is in: to the start, the end, an offset, a time, or so many records on or back. What lies " +
      "outside the log becomes its nearer end. Shows what it would do, unless `execute` is true. Without `topics` it is about " +
      "all that the group committed for and the caller may describe: refused whole if it may not read one of them.",
    params: groupParams,
    query: none,
    body: { json: resetOffsetsBody },
    responses: { 200: { description: "Where the offsets were, and where they go", json: resetOffsets } },
    errors: [
      ...bodyErrors,
      "group_not_found",
      "topic_not_found",
      "partition_not_found",
      "group_not_empty",
      "no_committed_offset",
      "concurrent_change",
      "corrupt_log",
      ...writeErrors,
    ],
  }),
  groupLag: route({
    id: "groupLag",
    ...paths.groupLag,
    tag: "Groups",
    access: ["describe group"],
    summary: "Lag of a group",
    description:
      "How far each partition's committed offset is behind its high watermark, in records. Topics that the caller may not " +
      "describe are left out, also of `totalLag`.",
    params: groupParams,
    query: none,
    responses: { 200: { description: "Lag by partition", json: groupLag } },
    errors: ["group_not_found"],
  }),
} as const
