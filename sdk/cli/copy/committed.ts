import { StratalogError } from "../../client/errors.ts"
import type { CommittedOffset } from "../../client/groups.ts"
import type { LogEnd } from "./log-end.ts"

/** What a group committed, for one topic or all; nothing where there is no such group. */
export async function committedOf(
  { log }: LogEnd,
  group: string,
  options: { readonly topic?: string; readonly signal: AbortSignal | undefined },
): Promise<readonly CommittedOffset[]> {
  try {
    return await log.group(group).committed(options)
  } catch (error) {
    if (error instanceof StratalogError && error.code === "group_not_found") return []
    throw error
  }
}
