// The fake that other tests stand on keeps the port's promises too.
import { createMemorySegmentIndex } from "../fakes/memory-segment-index.ts"
import { describeSegmentIndex } from "./segment-index.ts"

describeSegmentIndex("the index in memory", async () => ({
  index: createMemorySegmentIndex(),
  dispose: async () => undefined,
}))
