import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { portableCrc32c } from "stratalog/record-batch"
import { type JournalOptions, openJournal } from "../../functions/storage/embedded/journal/index.ts"
import type { PartitionLogSubject } from "./partition-log/fixture.ts"
import { describePartitionLog } from "./partition-log.ts"

async function makeJournal(options: Partial<JournalOptions>): Promise<PartitionLogSubject> {
  const directory = await mkdtemp(join(tmpdir(), "stratalog-journal-"))
  const open = () => openJournal({ directory, crc32c: portableCrc32c, ...options })
  let journal = await open()
  return {
    store: journal,
    reopen: async () => {
      await journal.close()
      journal = await open()
      return journal
    },
    dispose: async () => {
      await journal.close()
      await rm(directory, { recursive: true })
    },
  }
}

describePartitionLog("the journal", () => makeJournal({}))

describePartitionLog("a journal of many small files, with no memory to spare", () =>
  makeJournal({ fileBytes: 4096, cacheBytes: 0, rememberedProducers: 2, rememberedProducersInAll: 4, openFiles: 2 }),
)
