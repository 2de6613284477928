// News of appends.
export { createAppendNews } from "./append-news.ts"
export { createSnsClient } from "./client.ts"
