import type { AppendIndex, ControlIndex, PartitionIndex, ReadIndex } from "../../../../partitions/ports.ts"
import { whyRefused } from "../../../../partitions/why-refused.ts"
import type { TableClients } from "../table-clients.ts"
import { changeExpression } from "./change-expression.ts"
import { commitExpression } from "./commit-expression.ts"
import { readHead, updateHead } from "./heads.ts"
import { putPage, readPages, removePages } from "./pages.ts"
import { listItems, putItem, readItems, removeItems } from "./placed-items.ts"
import { removeSpilled, spilledProducer, spillProducer } from "./spilled-producers.ts"
import { createHeads, deletedTopics, deleteHeads, forgetTopic, topicPartitions } from "./topic-partitions.ts"

/** Heads, pages, placed items and spilled producers in DynamoDB. Layout: README.md beside this folder. */
export function createPartitionIndex(access: TableClients): PartitionIndex {
  return {
    ...createAppendIndex(access),
    ...createReadIndex(access),
    ...createControlIndex(access),
    topicPartitions: (topicId) => topicPartitions(access, topicId),
    forgetTopic: (topicId) => forgetTopic(access, topicId),
    deletedTopics: (limit) => deletedTopics(access, limit),
    removePages: (partition, endOffsets) => removePages(access, partition, endOffsets),
    removeItems: (partition, keys) => removeItems(access, partition, keys),
    listItems: (partition, after) => listItems(access, partition, after),
    removeSpilled: (partition) => removeSpilled(access, partition),
  }
}

export function createAppendIndex(access: TableClients): AppendIndex {
  return {
    head: (partition) => readHead(access, partition),
    commit: async (partition, commit) =>
      updateHead(access, partition, commitExpression(commit), (head) => whyRefused(commit, head)),
    putPage: (partition, page) => putPage(access, partition, page),
    pagesAfter: (partition, offset, maxBytes) => readPages(access, partition, { after: offset }, maxBytes),
    pagesUpTo: (partition, offset, maxBytes) => readPages(access, partition, { upTo: offset }, maxBytes),
    putItem: (partition, key, bytes) => putItem(access, partition, key, bytes),
    spillProducer: (partition, id, position) => spillProducer(access, partition, id, position),
    spilledProducer: (partition, id) => spilledProducer(access, partition, id),
  }
}

export function createReadIndex(access: TableClients): ReadIndex {
  return {
    head: (partition) => readHead(access, partition),
    pagesAfter: (partition, offset, maxBytes) => readPages(access, partition, { after: offset }, maxBytes),
    items: (partition, keys) => readItems(access, partition, keys),
  }
}

export function createControlIndex(access: TableClients): ControlIndex {
  return {
    createHeads: (topicId, count) => createHeads(access, topicId, count),
    deleteHeads: (topicId) => deleteHeads(access, topicId),
    head: (partition) => readHead(access, partition),
    change: (partition, change) => updateHead(access, partition, changeExpression(change), () => change.kind),
    pagesAfter: (partition, offset, maxBytes) => readPages(access, partition, { after: offset }, maxBytes),
  }
}
