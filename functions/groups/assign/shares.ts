import type { GroupTopic } from "../members/state.ts"
import type { Subscriber, Targets } from "./assign.ts"

/** One member's share while it is being worked out. */
export interface Share {
  readonly member: Subscriber
  /** How many partitions it has. */
  load: number
  /** Partition numbers by the topic's place. */
  readonly byTopic: number[][]
}

/** What each member keeps of its former targets, and what nobody has, in order. */
export class Shares {
  readonly shares: readonly Share[]
  readonly topics: readonly GroupTopic[]
  readonly #targets: (string | undefined)[][]
  readonly #byId: ReadonlyMap<string, Share>
  /** By the topic's place. */
  readonly #subscribers: readonly (readonly Share[])[]

  constructor(members: readonly Subscriber[], topics: readonly GroupTopic[]) {
    this.topics = topics
    this.shares = members.map((member) => ({ member, load: 0, byTopic: topics.map(() => []) }))
    this.#byId = new Map(this.shares.map((share) => [share.member.memberId, share]))
    this.#subscribers = topics.map(({ topic }) => this.shares.filter(({ member }) => member.topics.has(topic)))
    this.#targets = topics.map(({ topic, partitions }, place) =>
      partitions.map(({ target }, partition) => {
        const share = target === undefined ? undefined : this.#byId.get(target)
        if (share?.member.topics.has(topic) !== true) return undefined
        take(share, place, partition)
        return target
      }),
    )
  }

  get targets(): Targets {
    return this.#targets
  }

  subscribersOf(place: number): readonly Share[] {
    return this.#subscribers[place] ?? []
  }

  /** Who reads it now, if it may go on. */
  holderOf(place: number, partition: number): Share | undefined {
    const holder = this.topics[place]?.partitions[partition]?.holder
    const share = holder === undefined ? undefined : this.#byId.get(holder)
    return share?.member.topics.has(this.topics[place]?.topic ?? "") === true ? share : undefined
  }

  /** Nobody had it. */
  give(place: number, partition: number, to: Share): void {
    take(to, place, partition)
    const targets = this.#targets[place]
    if (targets !== undefined) targets[partition] = to.member.memberId
  }

  /** One that `from` does not read yet, if there is such a one, and best one that `to` does; else the last. */
  move(place: number, from: Share, to: Share): void {
    const partitions = from.byTopic[place] ?? []
    const cost = (partition: number) => {
      const holder = this.holderOf(place, partition)
      return holder === to ? 0 : holder === from ? 2 : 1
    }
    const partition = partitions.reduce((best, each) => (cost(each) <= cost(best) ? each : best), partitions[0] ?? 0)
    partitions.splice(partitions.indexOf(partition), 1)
    from.load--
    this.give(place, partition, to)
  }
}

function take(share: Share, place: number, partition: number): void {
  share.load++
  share.byTopic[place]?.push(partition)
}
