// News of appends, and nudges to upkeep.
export { createAppendNews } from "./append-news.ts"
export { createSnsClient } from "./client.ts"
export { createTieringNudges } from "./tiering-nudges.ts"
