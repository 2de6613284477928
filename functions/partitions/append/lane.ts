/**
 * The appends of this process to one partition: those that wait while a commit is under way share the next one. One commit
 * at a time, so that the order of the calls is the order of the offsets.
 */
import type { AppendEntry, AppendOutcome, PartitionRef, Unavailable } from "../../log/ports.ts"
import type { AppendDeps } from "../dependencies.ts"
import type { Entry, Head } from "../ports.ts"
import { nudgeIsDue } from "../roll/decide.ts"
import { rollTail } from "../roll/roll.ts"
import { appendGroup, type CommittedGroup, type GroupResult } from "./append-group.ts"
import { groupLength } from "./decide.ts"
import { KnownHead } from "./known-head.ts"
import { crossesForOthers } from "./who-rolls.ts"

interface Waiting {
  readonly entry: AppendEntry
  readonly answer: (outcome: AppendOutcome) => void
}

export class Lane {
  readonly #deps: AppendDeps
  readonly #partition: PartitionRef
  /** Hears that the log has grown. */
  readonly #grown: () => void
  readonly #known: KnownHead
  readonly #waiting: Waiting[] = []
  #busy = false

  constructor(deps: AppendDeps, partition: PartitionRef, grown: () => void) {
    this.#deps = deps
    this.#partition = partition
    this.#grown = grown
    this.#known = new KnownHead(deps, partition)
  }

  get idle(): boolean {
    return !this.#busy && !this.#known.rolling
  }

  /** The newest that this process has seen. */
  get head(): Head | undefined {
    return this.#known.head
  }

  forgetHead(): void {
    this.#known.forget()
  }

  append(entries: readonly AppendEntry[]): Promise<readonly AppendOutcome[]> {
    const outcomes = entries.map((entry) => {
      const { promise, resolve } = Promise.withResolvers<AppendOutcome>()
      this.#waiting.push({ entry, answer: resolve })
      return promise
    })
    if (!this.#busy) void this.#drain()
    return Promise.all(outcomes)
  }

  async #drain(): Promise<void> {
    this.#busy = true
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0, groupLength(this.#waiting.map(({ entry }) => entry)))
      const { outcomes, committed } = await this.#appendGroup(group.map(({ entry }) => entry))
      if (committed !== undefined) {
        this.#grown()
        const tidying = this.#tidyUp(committed)
        if (!this.#deps.settings.rollInBackground) await tidying
      }
      for (const [at, { answer }] of group.entries()) answer(outcomes[at] ?? MISSING)
    }
    this.#busy = false
  }

  async #appendGroup(entries: readonly AppendEntry[]): Promise<GroupResult> {
    try {
      return await appendGroup(this.#deps, this.#partition, this.#known, entries)
    } catch (error) {
      // A defect in one group must not leave its callers, and all later ones, without an answer.
      return { outcomes: entries.map(() => ({ ...MISSING, detail: String(error) })) }
    }
  }

  /** Whatever becomes of it, nothing is lost: the next one rolls, and upkeep comes by itself, too. */
  async #tidyUp({ entry, head, rolled }: CommittedGroup): Promise<void> {
    const nudging = rolled === undefined ? undefined : this.#nudgeIfDue(rolled)
    const rolling = this.#rollForOthers(entry, head).then((dropped) => dropped && this.#nudgeIfDue(dropped))
    await Promise.allSettled([nudging, rolling])
  }

  /** `rolled`: the head whose tail lies in a page now. */
  async #nudgeIfDue(rolled: Head): Promise<void> {
    const { nudges, settings } = this.#deps
    if (nudges !== undefined && nudgeIsDue(rolled, settings.nudgeBytes)) await nudges.nudge(this.#partition)
  }

  /** Alone, the next append rolls in the same stroke; among others, the one that filled the tail rolls for all: the head, if it did. */
  async #rollForOthers(entry: Entry, head: Head): Promise<Head | undefined> {
    const { own } = this.#known
    this.#known.own = new Set(head.tail.flatMap(({ id }) => (id === entry.id || own.has(id) ? [id] : [])))
    if (this.#known.rolling || !crossesForOthers(this.#deps.sizes, head, entry, this.#known.own)) return undefined
    this.#known.rolling = true
    try {
      const rolled = await rollTail(this.#deps, this.#partition, head)
      if (rolled.kind === "committed" || rolled.kind === "refused") this.#known.learn(rolled.head)
      return rolled.kind === "committed" ? head : undefined
    } finally {
      this.#known.rolling = false
    }
  }
}

const MISSING: Unavailable = {
  kind: "unavailable",
  reason: "storage_failed",
  sideEffects: "unknown",
  detail: "The storage gave no outcome for this append.",
}
