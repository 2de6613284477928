/** The SDK against the embedded service, over a network that fails as told and a clock that waits for nobody. */
import { Stratalog, type StratalogOptions } from "stratalog"
import { type EmbeddedService, openEmbeddedService } from "./embedded-service.ts"
import { FaultyNetwork } from "./faulty-fetch.ts"
import { HurriedClock } from "./hurried-clock.ts"

export interface ClientUnderTest {
  readonly log: Stratalog
  readonly network: FaultyNetwork
  readonly clock: HurriedClock
  close(): Promise<void>
}

export async function openClient(options: Partial<StratalogOptions> = {}): Promise<ClientUnderTest> {
  const service = await openEmbeddedService()
  return { ...clientOf(service, options), close: service.close }
}

/** Another client, with a network of its own, of a service that runs already. */
export function clientOf(service: EmbeddedService, options: Partial<StratalogOptions> = {}) {
  const network = new FaultyNetwork(service.fetch)
  const clock = new HurriedClock(() => network.isBusy, options.random)
  const log = new Stratalog({ url: "http://service.test", fetch: network.fetch, ...clock, ...options })
  return { log, network, clock }
}
