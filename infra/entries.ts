/** The functions, by the names of their entry files in functions/lambda: whatever a deployment may need. */
export const ENTRIES = ["produce", "fetch", "poll", "admin", "api", "upkeep"] as const

export type EntryName = (typeof ENTRIES)[number]
