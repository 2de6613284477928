/** The stock, in a database of its own: what is left, and up to which offset orders are in it. */
import { DatabaseSync } from "node:sqlite"
import type { ConsumerRecord } from "stratalog"
import type { Order } from "./orders.ts"

export interface StockOf {
  readonly item: string
  readonly left: number
  /** Pieces that went to orders. */
  readonly reserved: number
  /** Orders for more than there was left. */
  readonly rejected: number
}

export type OrderRecord = Pick<ConsumerRecord<string | null, Order>, "offset" | "value">

const TABLES = `
  CREATE TABLE IF NOT EXISTS stock (
    item TEXT PRIMARY KEY, left INTEGER NOT NULL, reserved INTEGER NOT NULL, rejected INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS processed (
    topic_id TEXT, partition INTEGER, next_offset INTEGER NOT NULL, PRIMARY KEY (topic_id, partition)
  ) STRICT;
`

/** Several processes may have the same file open. */
export class Stock implements Disposable {
  readonly #database: DatabaseSync

  /** `assortment` is what is there to begin with; items that are known already keep what they have. */
  constructor(path: string, assortment: Readonly<Record<string, number>>) {
    this.#database = new DatabaseSync(path, { timeout: 30_000 })
    this.#transaction(() => {
      this.#database.exec(TABLES)
      const insert = this.#database.prepare("INSERT OR IGNORE INTO stock VALUES (?, ?, 0, 0)")
      for (const [item, left] of Object.entries(assortment)) insert.run(item, left)
    })
  }

  /**
   * Takes in a partition's next orders. The offset up to which they are processed is written in the same transaction:
   * after a crash both are there or neither, and an order that the log hands out again is known by its offset. Gives the
   * number of orders that were new.
   */
  take(topicId: string, partition: number, records: readonly OrderRecord[]): number {
    return this.#transaction(() => {
      const next = this.#nextOffset(topicId, partition)
      const fresh = records.filter(({ offset }) => offset >= next)
      for (const { value } of fresh) this.#reserve(value)
      const last = fresh.at(-1)
      if (last !== undefined) {
        this.#database.prepare("REPLACE INTO processed VALUES (?, ?, ?)").run(topicId, partition, last.offset + 1)
      }
      return fresh.length
    })
  }

  /** By item. */
  all(): readonly StockOf[] {
    const rows = this.#database.prepare("SELECT * FROM stock ORDER BY item").all()
    return rows.map(({ item, left, reserved, rejected }) => ({
      item: String(item),
      left: Number(left),
      reserved: Number(reserved),
      rejected: Number(rejected),
    }))
  }

  [Symbol.dispose](): void {
    this.#database.close()
  }

  #nextOffset(topicId: string, partition: number): number {
    const select = "SELECT next_offset FROM processed WHERE topic_id = ? AND partition = ?"
    return Number(this.#database.prepare(select).get(topicId, partition)?.["next_offset"] ?? 0)
  }

  #reserve({ item, quantity }: Order): void {
    const { changes } = this.#database
      .prepare("UPDATE stock SET left = left - ?1, reserved = reserved + ?1 WHERE item = ?2 AND left >= ?1")
      .run(quantity, item)
    if (changes === 0) this.#database.prepare("UPDATE stock SET rejected = rejected + 1 WHERE item = ?").run(item)
  }

  #transaction<T>(work: () => T): T {
    // Immediate: a second process waits here, before it has read anything.
    this.#database.exec("BEGIN IMMEDIATE")
    try {
      const result = work()
      this.#database.exec("COMMIT")
      return result
    } catch (error) {
      this.#database.exec("ROLLBACK")
      throw error
    }
  }
}
