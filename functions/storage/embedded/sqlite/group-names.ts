import type { DatabaseSync } from "node:sqlite"
import type { GroupPage, ListGroupsRequest } from "../../../groups/ports.ts"
import { text } from "./rows.ts"

/** The first name in either table for which that is true: one search of a tree each. */
const firstName = (where: string) => `
  SELECT min(name) FROM (
    SELECT min(group_name) AS name FROM committed_offsets WHERE ${where}
    UNION ALL
    SELECT min(group_name) FROM group_states WHERE members > 0 AND ${where}
  )`

/** Each step of the recursion finds one name, however many rows a group has. */
const LIST = `
  WITH RECURSIVE named (name) AS (
    ${firstName("group_name > :after AND group_name >= :prefix")}
    UNION ALL
    SELECT (${firstName("group_name > named.name")}) FROM named
    WHERE substr(named.name, 1, length(:prefix)) = :prefix
  )
  SELECT name FROM named WHERE substr(name, 1, length(:prefix)) = :prefix LIMIT :limit`

export interface GroupNames {
  /** Groups that have a committed offset or a member. */
  page(request: ListGroupsRequest): GroupPage
}

export function groupNames(database: DatabaseSync): GroupNames {
  const list = database.prepare(LIST)
  return {
    page: ({ after = "", prefix = "", limit }) => {
      // One more than asked for tells whether there is a next page.
      const names = list.all({ after, prefix, limit: limit + 1 }).map((row) => text(row, "name"))
      const groups = names.slice(0, limit)
      const next = names.length > limit ? groups.at(-1) : undefined
      return { groups, ...(next !== undefined && { next }) }
    },
  }
}
