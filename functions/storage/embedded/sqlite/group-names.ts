import type { DatabaseSync } from "node:sqlite"
import type { GroupPage } from "../../../groups/ports.ts"
import { text } from "./rows.ts"

/** The first name after `after` in either table: one search of a tree each. */
const nameAfter = (after: string) => `
  SELECT min(name) FROM (
    SELECT min(group_name) AS name FROM committed_offsets WHERE group_name > ${after}
    UNION ALL
    SELECT min(group_name) FROM group_states WHERE members > 0 AND group_name > ${after}
  )`

/** Each step of the recursion finds one name, however many rows a group has. */
const LIST = `
  WITH RECURSIVE named (name) AS (
    ${nameAfter(":after")}
    UNION ALL
    SELECT (${nameAfter("named.name")}) FROM named WHERE named.name IS NOT NULL
  )
  SELECT name FROM named WHERE name IS NOT NULL LIMIT :limit`

export interface GroupNames {
  /** Groups that have a committed offset or a member. */
  page(request: { readonly after?: string; readonly limit: number }): GroupPage
}

export function groupNames(database: DatabaseSync): GroupNames {
  const list = database.prepare(LIST)
  return {
    page: ({ after = "", limit }) => {
      // One more than asked for tells whether there is a next page.
      const names = list.all({ after, limit: limit + 1 }).map((row) => text(row, "name"))
      const groups = names.slice(0, limit)
      const next = names.length > limit ? groups.at(-1) : undefined
      return { groups, ...(next !== undefined && { next }) }
    },
  }
}
