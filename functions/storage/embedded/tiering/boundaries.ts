/**
 * Where each partition begins, and where its part in segments ends and the journal's begins.
 *
 * The boundary moves in two steps: first it is made durable in the database, then the journal's own log start follows it,
 * which frees the journal's files. In between both hold the records and readers go to the journal; a crash there is
 * finished by `restore`. Readers never find an offset in neither.
 */
import type { MoveLogStartOutcome, PartitionRef, Unavailable } from "../../../log/ports.ts"
import type { CommitTieredOutcome, DropTieredOutcome } from "../../../segments/ports.ts"
import type { JournalLog, JournalPartition } from "../journal/index.ts"
import type { TieredPartitions } from "../sqlite/index.ts"
import { type Tiered, tieredToOf } from "./tiered.ts"
import { Turns } from "./turns.ts"

export interface BoundariesOptions {
  readonly journal: JournalLog
  readonly store: TieredPartitions
}

export class Boundaries {
  readonly #journal: JournalLog
  readonly #store: TieredPartitions
  /** Changes of one partition wait for each other: each is decided on what the one before has made durable. */
  readonly #turns = new Turns()
  /** Partitions of which the database may hold something newer than what was answered. */
  readonly #doubtful = new Set<string>()

  constructor({ journal, store }: BoundariesOptions) {
    this.#journal = journal
    this.#store = store
  }

  /** Before anybody reads. Throws where the journal has lost what it had handed on: its next offsets were given before. */
  async restore(): Promise<void> {
    for (const [ref, tiered] of this.#store.all()) {
      const partition = this.#journal.partition(ref)
      if (partition === undefined) continue
      if (tiered.tieredTo > partition.committed.nextOffset) throw new Error(lostJournal(ref, tiered, partition))
      this.#journal.setTiered(ref, tiered)
      // What cannot be written now is tried again by the next upkeep.
      await this.dropTiered(ref)
    }
  }

  /** As `RecentLog.commitTiered`. */
  commitTiered(ref: PartitionRef, from: number, to: number): Promise<CommitTieredOutcome> {
    return this.#inTurn(ref, async (partition) => {
      const tieredTo = tieredToOf(partition)
      if (tieredTo !== from) return { kind: "moved", tieredTo }
      const { logStartOffset } = partition.watermarks
      const failure = await this.#save(ref, { tieredTo: to, logStartOffset })
      return failure ?? { kind: "committed" }
    })
  }

  /** As `RecentLog.dropTiered`. */
  dropTiered(ref: PartitionRef): Promise<DropTieredOutcome> {
    return this.#inTurn(ref, async ({ tiered, committed }) => {
      if (tiered === undefined || tiered.tieredTo <= committed.logStartOffset) return { kind: "dropped", more: false }
      const moved = await this.#journal.moveLogStart(ref, tiered.tieredTo)
      if (moved.kind !== "beyond_end") return moved.kind === "moved" ? { kind: "dropped", more: false } : moved
      throw new Error(`Segments reach to ${tiered.tieredTo}, beyond the end of the log.`)
    })
  }

  /** As `PartitionLog.moveLogStart`. */
  moveLogStart(ref: PartitionRef, before: number): Promise<MoveLogStartOutcome> {
    return this.#inTurn(ref, async (partition) => {
      const { tiered, watermarks, committed } = partition
      const staysInSegments = tiered !== undefined && before <= tiered.tieredTo
      // Beyond the segments the journal's own start says it all: they lie below it, and so does what is left of them.
      if (!staysInSegments || tiered.tieredTo < committed.logStartOffset) return this.#journal.moveLogStart(ref, before)
      if (before <= watermarks.logStartOffset) return { kind: "moved", logStartOffset: watermarks.logStartOffset }
      const failure = await this.#save(ref, { ...tiered, logStartOffset: before })
      return failure ?? { kind: "moved", logStartOffset: before }
    })
  }

  /** Shown to readers once it is durable. */
  async #save(ref: PartitionRef, tiered: Tiered): Promise<Unavailable | undefined> {
    const outcome = await this.#store.save(ref, tiered)
    if (outcome.kind === "done") {
      this.#journal.setTiered(ref, tiered)
      return undefined
    }
    if (outcome.sideEffects === "unknown") this.#doubtful.add(nameOf(ref))
    return outcome
  }

  async #inTurn<T>(
    ref: PartitionRef,
    task: (partition: JournalPartition) => Promise<T>,
  ): Promise<T | Unavailable | { readonly kind: "unknown_partition" }> {
    return this.#turns.run(nameOf(ref), async () => {
      const partition = this.#journal.partition(ref)
      if (partition === undefined) return { kind: "unknown_partition" }
      return (await this.#settle(ref, partition)) ?? task(partition)
    })
  }

  /**
   * After a write whose outcome is unknown the database may hold a boundary that nobody was told of. Were the journal's
   * log start moved now, a restart could take the two together for a log that begins earlier.
   */
  async #settle(ref: PartitionRef, { tiered }: JournalPartition): Promise<Unavailable | undefined> {
    if (!this.#doubtful.has(nameOf(ref))) return undefined
    const outcome = await this.#store.save(ref, tiered)
    if (outcome.kind === "unavailable") return { ...outcome, sideEffects: "none" }
    this.#doubtful.delete(nameOf(ref))
    return undefined
  }
}

function nameOf({ topicId, partition }: PartitionRef): string {
  return `${topicId}/${partition}`
}

function lostJournal(ref: PartitionRef, { tieredTo }: Tiered, { committed }: JournalPartition): string {
  return (
    `The journal ends partition ${ref.partition} of topic ${ref.topicId} at offset ${committed.nextOffset}, but its ` +
    `segments reach to ${tieredTo}: the journal is older than the database. Restore both from the same backup.`
  )
}
