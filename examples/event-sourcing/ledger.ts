/** The log of all accounts' events: reads an account's state, and adds to it where nobody was faster. */
import { MatchFailedError, OutcomeUnknownError, type Stratalog } from "stratalog"
import { murmur2Partition } from "stratalog/record-batch"
import * as z from "zod"
import {
  type AccountEvent,
  type Command,
  type Decision,
  decide,
  EMPTY,
  eventSchema,
  evolve,
  type Portfolio,
} from "./portfolio.ts"

export const EVENTS = "account-events"
const PARTITIONS = 2

/** The key is the account. */
export function accountEvents(log: Stratalog) {
  return log.topic(EVENTS, { key: z.string(), value: eventSchema })
}

/** Safe to repeat. The events are all there is of an account: they are kept for ever. */
export async function createLedger(log: Stratalog): Promise<void> {
  await log.topics.create(EVENTS, { partitions: PARTITIONS, config: { "retention.ms": -1 } })
}

/** One account, as one of its users sees it. Others may add to it at the same time. */
export class Account {
  readonly #log: Stratalog
  readonly #name: string
  readonly #partition: number
  #state = EMPTY
  /** The next event to read. */
  #offset = 0

  constructor(log: Stratalog, name: string) {
    this.#log = log
    this.#name = name
    this.#partition = murmur2Partition(new TextEncoder().encode(name), PARTITIONS)
  }

  /** The state that follows from the log as it is now. Only what is new is read. */
  async state(): Promise<Portfolio> {
    for (;;) {
      const events = accountEvents(this.#log)
      const { records, nextOffset, highWatermark } = await events.fetch(this.#partition, { offset: this.#offset })
      for (const { key, value } of records) if (key === this.#name) this.#state = evolve(this.#state, value)
      this.#offset = nextOffset
      if (nextOffset >= highWatermark) return this.#state
    }
  }

  /**
   * Decides on the state as it is known here and appends what follows, on the condition that the log is no longer than
   * that. Otherwise somebody was faster: what is new is read, and the decision made anew. Nothing is locked.
   */
  async handle(command: Command): Promise<Decision> {
    for (;;) {
      const known = this.#offset
      const decision = decide(this.#state, command)
      if (decision.kind === "done") return decision
      if (decision.kind === "accepted" && (await this.#append(decision.event))) return decision
      await this.state()
      // Nothing is new: it is refused for good.
      if (decision.kind === "refused" && this.#offset === known) return decision
    }
  }

  /** False: the log has more than is known here. */
  async #append(event: AccountEvent): Promise<boolean> {
    const [partition, matchOffset] = [this.#partition, this.#offset]
    try {
      await accountEvents(this.#log).produce({ key: this.#name, value: event }, { partition, matchOffset })
    } catch (error) {
      if (error instanceof MatchFailedError) return false
      // It may be in the log or not: reading on tells, and then the command is done.
      if (error instanceof OutcomeUnknownError) return false
      throw error
    }
    this.#state = evolve(this.#state, event)
    this.#offset++
    return true
  }
}

/** All accounts from the events alone, and how many events that took. */
export async function rebuild(log: Stratalog): Promise<{ accounts: Map<string, Portfolio>; events: number }> {
  const accounts = new Map<string, Portfolio>()
  let events = 0
  for await (const { key, value } of accountEvents(log).read()) {
    accounts.set(key, evolve(accounts.get(key) ?? EMPTY, value))
    events++
  }
  return { accounts, events }
}
