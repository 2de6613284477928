import { groupDescription, groupList, groupParams, listGroupsQuery } from "../schemas/groups.ts"
import { paths } from "./paths.ts"
import { none, route, writeErrors } from "./route.ts"

/** Groups as a whole. */
export const groupRoutes = {
  listGroups: route({
    id: "listGroups",
    ...paths.listGroups,
    tag: "Groups",
    access: "known",
    summary: "List groups",
    description:
      "By name, a page at a time: those that the caller may describe. A page may hold fewer than `limit`, even none, and yet " +
      "have a `nextCursor`: go on until there is none.",
    params: none,
    query: listGroupsQuery,
    responses: { 200: { description: "A page of groups", json: groupList } },
    errors: [],
  }),
  describeGroup: route({
    id: "describeGroup",
    ...paths.describeGroup,
    tag: "Groups",
    access: ["describe group"],
    summary: "Describe a group",
    description:
      "Its members with what they read, and the topics it reads or committed offsets for. Topics that the caller may not " +
      "describe are left out, and so are patterns that may match one.",
    params: groupParams,
    query: none,
    responses: { 200: { description: "The group", json: groupDescription } },
    errors: ["group_not_found"],
  }),
  deleteGroup: route({
    id: "deleteGroup",
    ...paths.deleteGroup,
    tag: "Groups",
    access: ["delete group"],
    audit: ["group"],
    summary: "Delete a group",
    description: "With its committed offsets, of whatever topics. Only a group that nobody is in.",
    params: groupParams,
    query: none,
    responses: { 204: { description: "Deleted" } },
    errors: ["group_not_found", "group_not_empty", "concurrent_change", ...writeErrors],
  }),
} as const
