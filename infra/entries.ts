/** The functions, by the names of their entry files in functions/lambda. */
export type EntryName = "produce" | "fetch" | "poll" | "admin" | "api" | "upkeep"

/** Whatever a deployment may need. */
export const ENTRIES: readonly EntryName[] = ["produce", "fetch", "poll", "admin", "api", "upkeep"]
