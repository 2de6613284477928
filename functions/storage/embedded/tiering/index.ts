// Journal and segments as one log, and what upkeep needs of them.

export { type OpenTiering, openTiering, type TieringOptions } from "./open.ts"
