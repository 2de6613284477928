import { createMemoryUpkeepRecords } from "../fakes/memory-upkeep-records.ts"
import { describeUpkeepRecords } from "./upkeep-records.ts"

describeUpkeepRecords("memory", async () => {
  const store = createMemoryUpkeepRecords()
  return {
    store,
    reopen: async () => store,
    dispose: async () => undefined,
    storeText: async (part, text, version) => store.storeText(part, text, version),
  }
})
