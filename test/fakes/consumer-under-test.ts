/** Consumers against a service in memory, over networks that fail as told, with one clock that waits for nobody. */
import { type ConsumerOptions, Stratalog } from "stratalog"
import { FaultyNetwork } from "./faulty-fetch.ts"
import { GroupService } from "./group-service.ts"
import { HurriedClock } from "./hurried-clock.ts"
import { settled } from "./settled.ts"

export class ConsumersUnderTest {
  readonly clock: HurriedClock
  readonly service: GroupService

  constructor(topics: Readonly<Record<string, number>>) {
    // Whoever waits here waits for this clock: time may go on meanwhile.
    this.clock = new HurriedClock(
      () => false,
      () => 0.5,
    )
    this.service = new GroupService(topics, this.clock)
  }

  readonly until = settled

  /** A process of its own. */
  client() {
    const network = new FaultyNetwork(this.service.fetch)
    const log = new Stratalog({ url: "http://service.test", fetch: network.fetch, ...this.clock })
    const consumer = (options: Partial<ConsumerOptions<undefined, undefined, "utf8", "json">> = {}) =>
      log.consumer({ group: "g", topics: [...this.service.logs.keys()].slice(0, 1), ...options })
    return { log, network, consumer }
  }
}

/** Records with three keys, whose values count from `from` on. */
export function numbered(count: number, from = 0): { key: string; value: number }[] {
  return Array.from({ length: count }, (_, at) => ({ key: `k${at % 3}`, value: from + at }))
}
