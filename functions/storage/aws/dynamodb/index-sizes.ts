import type { IndexSizes } from "../../../partitions/dependencies.ts"
import { entrySize } from "./codec/entry.ts"
import { headOverhead } from "./codec/head.ts"

/** By DynamoDB's rules. */
export const indexSizes: IndexSizes = { entry: entrySize, head: (head) => headOverhead(head) + head.tailBytes }
