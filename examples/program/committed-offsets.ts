import { type Stratalog, StratalogError } from "stratalog"

/** By partition. A group that has never committed is not there, and has none. */
export async function committedOffsets(
  log: Stratalog,
  group: string,
  topic: string,
): Promise<ReadonlyMap<number, number>> {
  try {
    const committed = await log.group(group).committed({ topic })
    return new Map(committed.map(({ partition, offset }) => [partition, offset]))
  } catch (error) {
    if (error instanceof StratalogError && error.code === "group_not_found") return new Map()
    throw error
  }
}
