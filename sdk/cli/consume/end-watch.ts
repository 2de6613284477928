import type { Consumer, ConsumerLag } from "../../client/consumer/consumer.ts"
import { StratalogError } from "../../client/errors.ts"
import type { Stratalog } from "../../client/stratalog.ts"
import type { GroupDescription } from "../../protocol/schemas/groups.ts"
import type { TopicEnds } from "./topic-ends.ts"

const LOOK_EVERY_MS = 100
/** The group is asked whether there is anything for this member only so often. */
const ASK_EVERY_LOOKS = 10

type AnyConsumer = Pick<Consumer<unknown, unknown>, "group" | "memberId" | "lag" | "close">

/** Closes a consumer once it has read everything up to the ends, or when the group has nothing for it. */
export class EndWatch implements Disposable {
  readonly #log: Stratalog
  readonly #consumer: AnyConsumer
  readonly #ends: TopicEnds
  readonly #timer: NodeJS.Timeout
  #looks = 0
  #gotNothing = false

  constructor(log: Stratalog, consumer: AnyConsumer, ends: TopicEnds) {
    this.#log = log
    this.#consumer = consumer
    this.#ends = ends
    this.#timer = setInterval(() => void this.#look(), LOOK_EVERY_MS)
  }

  /** It ended because other members have all partitions. */
  get gotNothing(): boolean {
    return this.#gotNothing
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer)
  }

  async #look(): Promise<void> {
    const { partitions } = this.#consumer.lag()
    if (isAtEnd(partitions, this.#ends)) return this.#end()
    if (partitions.length > 0 || ++this.#looks % ASK_EVERY_LOOKS !== 0) return
    const description = await this.#describe()
    if (description === undefined || !hasNothingFor(this.#consumer.memberId, description)) return
    this.#gotNothing = true
    await this.#end()
  }

  async #end(): Promise<void> {
    clearInterval(this.#timer)
    await this.#consumer.close()
  }

  async #describe(): Promise<GroupDescription | undefined> {
    try {
      return await this.#log.group(this.#consumer.group).describe()
    } catch (error) {
      // The next look asks again; who cannot reach the service hears of it from the consumer.
      if (error instanceof StratalogError) return undefined
      throw error
    }
  }
}

/** Whether all that is assigned was read up to the ends; where no end is known, up to what is there now. */
export function isAtEnd(partitions: ConsumerLag["partitions"], ends: TopicEnds): boolean {
  if (partitions.length === 0) return false
  return partitions.every(({ topic, partition, processed, lag }) => {
    const end = ends.get(`${topic}:${partition}`)
    return lag === 0 || (processed !== null && end !== undefined && processed >= end)
  })
}

/** Whether the member has joined, everything is at rest, and nothing is assigned to it. */
export function hasNothingFor(
  memberId: string,
  { state, members }: Pick<GroupDescription, "state" | "members">,
): boolean {
  const member = members.find((each) => each.memberId === memberId)
  return (
    state === "Stable" && member !== undefined && member.assignment.every(({ partitions }) => partitions.length === 0)
  )
}
