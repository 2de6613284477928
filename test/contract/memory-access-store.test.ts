import { createMemoryAccessStore } from "../fakes/memory-access-store.ts"
import { describeAccessStore } from "./access-store.ts"

describeAccessStore("memory", async () => {
  const store = createMemoryAccessStore()
  return { store, reopen: async () => store, dispose: async () => undefined }
})
