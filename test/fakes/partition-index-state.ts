/** What a partition index holds, and what each request does to it in one step: conditions first, then all or nothing. */
import type { PartitionRef } from "../../functions/log/ports.ts"
import { checkCommitShape } from "../../functions/partitions/commit-shape.ts"
import type {
  Commit,
  CommitHeadOutcome,
  DoneOutcome,
  Entry,
  EntrySize,
  Head,
  HeadChange,
  ListItemsOutcome,
  Page,
  ProducerAdvance,
  ProducerPosition,
  ReadHeadOutcome,
  ReadItemsOutcome,
  ReadPagesOutcome,
  ReadSpilledOutcome,
  TopicPartitionsOutcome,
} from "../../functions/partitions/ports.ts"
import { encodeEntry } from "../../functions/storage/aws/dynamodb/codec/entry.ts"
import { EMPTY_HEAD } from "../../functions/storage/aws/dynamodb/codec/head.ts"

const DONE = { kind: "done" } as const
const UNKNOWN = { kind: "unknown_partition" } as const

class Partition {
  head: Head | undefined
  /** By end offset. */
  readonly pages = new Map<number, Page>()
  readonly items = new Map<string, Uint8Array>()
  readonly spilled = new Map<number, ProducerPosition>()
}

/** Hands out and takes in copies only: nobody shares bytes with it. */
export class PartitionIndexState {
  readonly #topics = new Map<string, { count: number; deleted: boolean }>()
  readonly #partitions = new Map<string, Partition>()
  readonly #entrySize: EntrySize

  constructor(entrySize: EntrySize) {
    this.#entrySize = entrySize
  }

  createHeads(topicId: string, count: number): DoneOutcome {
    const topic = this.#topics.get(topicId) ?? { count: 0, deleted: false }
    if (topic.deleted) return DONE
    this.#topics.set(topicId, { ...topic, count: Math.max(count, topic.count) })
    for (let partition = 0; partition < count; partition += 1)
      this.#partition({ topicId, partition }).head ??= EMPTY_HEAD
    return DONE
  }

  deleteHeads(topicId: string): DoneOutcome {
    const count = this.#topics.get(topicId)?.count ?? 0
    this.#topics.set(topicId, { count, deleted: true })
    for (let partition = 0; partition < count; partition += 1) this.#partition({ topicId, partition }).head = undefined
    return DONE
  }

  topicPartitions(topicId: string): TopicPartitionsOutcome {
    const topic = this.#topics.get(topicId)
    return topic === undefined ? { kind: "none" } : { kind: "partitions", ...topic }
  }

  forgetTopic(topicId: string): DoneOutcome {
    this.#topics.delete(topicId)
    return DONE
  }

  deletedTopics(limit: number): { readonly kind: "topics"; readonly topicIds: readonly string[] } {
    const deleted = [...this.#topics].filter(([, topic]) => topic.deleted)
    return { kind: "topics", topicIds: deleted.slice(0, limit).map(([topicId]) => topicId) }
  }

  head(ref: PartitionRef): ReadHeadOutcome {
    const { head } = this.#partition(ref)
    return head === undefined ? UNKNOWN : { kind: "head", head: copyHead(head) }
  }

  commit(ref: PartitionRef, commit: Commit): CommitHeadOutcome {
    checkCommitShape(commit)
    return this.#update(ref, (head) => (allows(head, commit) ? this.#committed(head, commit) : undefined))
  }

  change(ref: PartitionRef, change: HeadChange): CommitHeadOutcome {
    return this.#update(ref, (head) => changed(head, change))
  }

  putPage(ref: PartitionRef, page: Page): DoneOutcome {
    this.#partition(ref).pages.set(page.endOffset, copyPage(page))
    return DONE
  }

  pagesAfter(ref: PartitionRef, offset: number, maxBytes: number): ReadPagesOutcome {
    const pages = this.#pages(ref).filter(({ endOffset }) => endOffset > offset)
    return this.#upTo(pages, maxBytes)
  }

  pagesUpTo(ref: PartitionRef, offset: number, maxBytes: number): ReadPagesOutcome {
    const pages = this.#pages(ref).filter(({ endOffset }) => endOffset <= offset)
    return this.#upTo(pages.reverse(), maxBytes)
  }

  removePages(ref: PartitionRef, endOffsets: readonly number[]): DoneOutcome {
    for (const endOffset of endOffsets) this.#partition(ref).pages.delete(endOffset)
    return DONE
  }

  putItem(ref: PartitionRef, key: string, bytes: Uint8Array): DoneOutcome {
    this.#partition(ref).items.set(key, bytes.slice())
    return DONE
  }

  items(ref: PartitionRef, keys: readonly string[]): ReadItemsOutcome {
    const { items } = this.#partition(ref)
    return { kind: "items", items: keys.map((key) => items.get(key)?.slice()) }
  }

  removeItems(ref: PartitionRef, keys: readonly string[]): DoneOutcome {
    for (const key of keys) this.#partition(ref).items.delete(key)
    return DONE
  }

  listItems(ref: PartitionRef, after = "", pageSize = 100): ListItemsOutcome {
    const keys = [...this.#partition(ref).items.keys()].filter((key) => key > after).sort()
    const page = keys.slice(0, pageSize)
    const last = page.at(-1)
    return { kind: "page", keys: page, ...(keys.length > page.length && last !== undefined && { next: last }) }
  }

  spillProducer(ref: PartitionRef, id: number, position: ProducerPosition): DoneOutcome {
    const { spilled } = this.#partition(ref)
    const known = spilled.get(id)
    if (known === undefined || comparePositions(known, position) < 0) spilled.set(id, { ...position })
    return DONE
  }

  spilledProducer(ref: PartitionRef, id: number): ReadSpilledOutcome {
    return { kind: "position", position: this.#partition(ref).spilled.get(id) }
  }

  removeSpilled(ref: PartitionRef): DoneOutcome {
    this.#partition(ref).spilled.clear()
    return DONE
  }

  #partition({ topicId, partition }: PartitionRef): Partition {
    const key = `${topicId}/${partition}`
    const found = this.#partitions.get(key) ?? new Partition()
    this.#partitions.set(key, found)
    return found
  }

  #update(ref: PartitionRef, next: (head: Head) => Head | undefined): CommitHeadOutcome {
    const partition = this.#partition(ref)
    if (partition.head === undefined) return UNKNOWN
    const head = next(partition.head)
    if (head === undefined) return { kind: "refused", head: copyHead(partition.head) }
    partition.head = copyHead(head)
    return { kind: "committed", head: copyHead(head) }
  }

  #committed(head: Head, { entry, nextGeneration, tail, producers, evict }: Commit): Head {
    const [kept, keptBytes] = remainder(head, tail)
    const positions = new Map(head.producers)
    for (const { id, to } of producers) positions.set(id, to)
    for (const { id } of evict) positions.delete(id)
    return {
      ...head,
      generation: nextGeneration ?? head.generation,
      nextOffset: head.nextOffset + (entry?.recordCount ?? 0),
      tail: entry === undefined ? kept : [...kept, entry],
      tailBytes: keptBytes + (entry === undefined ? 0 : this.#entrySize(entry)),
      producers: positions,
      spilled: head.spilled || evict.length > 0,
      bytesAppended: head.bytesAppended + (entry?.bytes ?? 0),
    }
  }

  #pages(ref: PartitionRef): Page[] {
    return [...this.#partition(ref).pages.values()].sort((a, b) => a.endOffset - b.endOffset)
  }

  #upTo(pages: readonly Page[], maxBytes: number): ReadPagesOutcome {
    let bytes = 0
    const taken = pages.filter((page, index) => {
      for (const entry of page.entries) bytes += this.#entrySize(entry)
      return index === 0 || bytes <= maxBytes
    })
    return { kind: "pages", pages: taken.map(copyPage), more: taken.length < pages.length }
  }
}

function allows(head: Head, commit: Commit): boolean {
  const { generation, entry, tail, nextOffset, fencingToken, producers, evict } = commit
  if ("exactly" in generation ? head.generation !== generation.exactly : head.generation > generation.atMost)
    return false
  if (entry !== undefined && head.tail.some((each) => isSameEntry(each, entry))) return false
  if (tail.kind === "append" && head.tailBytes >= tail.limit) return false
  if (nextOffset !== undefined && head.nextOffset !== nextOffset) return false
  if (fencingToken !== undefined && head.fencingToken !== fencingToken) return false
  return (
    producers.every((advance) => allowsAdvance(head, advance)) &&
    evict.every(({ id, position }) => isAt(head, id, position))
  )
}

/** A real index compares them whole, so an append that is sent again under its id but placed anew is not found. */
function isSameEntry(a: Entry, b: Entry): boolean {
  return a.id === b.id && Buffer.compare(encodeEntry(a), encodeEntry(b)) === 0
}

function allowsAdvance(head: Head, { id, from, evenIfSpilled = false, to }: ProducerAdvance): boolean {
  if (from !== "new") return isAt(head, id, from)
  const known = head.producers.get(id)
  return (known === undefined || known.epoch < to.epoch) && (evenIfSpilled || !head.spilled)
}

function isAt(head: Head, id: number, position: ProducerPosition): boolean {
  const known = head.producers.get(id)
  return known !== undefined && comparePositions(known, position) === 0
}

/** What of the tail stays, and the bytes that it takes. */
function remainder(head: Head, tail: Commit["tail"]): [readonly Entry[], number] {
  switch (tail.kind) {
    case "append":
      return [head.tail, head.tailBytes]
    case "replace":
      return [[], 0]
    case "drop":
      return [head.tail.slice(tail.count), head.tailBytes - tail.bytes]
  }
}

function changed(head: Head, change: HeadChange): Head | undefined {
  switch (change.kind) {
    case "log_start":
      if (head.logStartOffset !== change.from) return undefined
      return { ...head, logStartOffset: change.to, bytesBelowStart: change.bytesBelowStart }
    case "tiered_to":
      return head.tieredTo === change.from ? { ...head, tieredTo: change.to } : undefined
    case "fence":
      return head.fencingToken === change.from ? { ...head, fencingToken: change.to } : undefined
  }
}

function comparePositions(a: ProducerPosition, b: ProducerPosition): number {
  return a.epoch - b.epoch || a.laps - b.laps || a.lastSequence - b.lastSequence
}

function copyHead(head: Head): Head {
  const producers = new Map([...head.producers].map(([id, position]) => [id, { ...position }]))
  return { ...head, tail: head.tail.map(copyEntry), producers }
}

function copyPage(page: Page): Page {
  return { ...page, entries: page.entries.map(copyEntry) }
}

function copyEntry(entry: Entry): Entry {
  const { placement } = entry
  return {
    ...entry,
    sequences: entry.sequences.map((sequence) => ({ ...sequence })),
    placement: placement.kind === "inline" ? { ...placement, batches: placement.batches.slice() } : { ...placement },
  }
}
