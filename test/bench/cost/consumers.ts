/** A member of a group that asks the HTTP API, as the SDK's consumers do: one poll a round, which commits the one before. */
import { randomUUID } from "node:crypto"
import { type Heartbeat, heartbeat, polled } from "stratalog/protocol"
import type { Service } from "../../aws/api-service.ts"

export class Consumer {
  readonly #service: Service
  readonly #path: string
  readonly #topic: string
  /** By partition: where it reads on, and what it has not committed yet. */
  readonly #positions = new Map<number, number>()
  readonly #processed = new Map<number, number>()
  #number = 0
  #epoch = 0
  #owned: readonly number[] = []

  constructor(service: Service, group: string, topic: string) {
    this.#service = service
    this.#path = `/v1/groups/${group}/members/${randomUUID()}`
    this.#topic = topic
  }

  get partitions(): readonly number[] {
    return this.#owned
  }

  /** Whether it knows where it stands in all of its partitions. */
  get isReading(): boolean {
    return this.#owned.every((partition) => this.#positions.has(partition))
  }

  async heartbeat(): Promise<void> {
    this.#take(heartbeat.parse(await this.#ask("/heartbeat", {})))
  }

  /** How many partitions it got records from. */
  async poll(): Promise<number> {
    const commit = this.#places(this.#processed)
    const positions = this.#places(this.#positions)
    const answer = polled.parse(await this.#ask("/poll", { positions, ...(commit.length > 0 && { commit }) }))
    this.#processed.clear()
    this.#take(answer)
    for (const { partition, records, nextOffset } of answer.batches) {
      this.#positions.set(partition, nextOffset)
      if (records.length > 0) this.#processed.set(partition, nextOffset)
    }
    return this.#processed.size
  }

  async leave(): Promise<void> {
    await this.#send("DELETE", "")
  }

  #take({ memberEpoch, assignment }: Pick<Heartbeat, "memberEpoch" | "assignment">): void {
    this.#epoch = memberEpoch
    this.#owned = assignment.flatMap(({ partitions }) => partitions)
    const owned = new Set(this.#owned)
    for (const offsets of [this.#positions, this.#processed]) {
      for (const partition of offsets.keys()) if (!owned.has(partition)) offsets.delete(partition)
    }
  }

  #places(offsets: ReadonlyMap<number, number>): readonly object[] {
    return [...offsets].map(([partition, offset]) => ({ topic: this.#topic, partition, offset }))
  }

  #ask(path: string, body: object): Promise<unknown> {
    this.#number += 1
    const owned = [{ topic: this.#topic, partitions: this.#owned }]
    const said = { topics: [this.#topic], memberEpoch: this.#epoch, number: this.#number, owned, ...body }
    return this.#send("POST", path, said)
  }

  async #send(method: string, path: string, json?: object): Promise<unknown> {
    const { status, body } = await this.#service.send(method, this.#path + path, json)
    if (status >= 300) throw new Error(JSON.stringify(body))
    return body
  }
}
