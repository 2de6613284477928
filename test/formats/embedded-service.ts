import { openEmbedded } from "stratalog-server"
import { EAGER_UPKEEP, type Service, sender } from "./service.ts"

/** The embedded log over `dataDir`. Its journal's files are small, so that there are several. */
export async function openEmbeddedService(dataDir: string): Promise<Service> {
  const embedded = await openEmbedded({ dataDir, journalFileBytes: 16_384, upkeep: EAGER_UPKEEP })
  return {
    send: sender(embedded.deps),
    upkeep: async () => {
      for (const sweep of [false, true]) await embedded.upkeep({ until: Number.POSITIVE_INFINITY, sweep })
    },
    close: () => embedded.close(),
  }
}
