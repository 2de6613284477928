import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { type TemporaryJournal, temporaryJournal } from "../../fakes/temporary-journal.ts"

const HOLDER = `
  import { openJournal } from "./functions/storage/embedded/journal/index.ts"
  import { portableCrc32c } from "stratalog/record-batch"
  await openJournal({ directory: process.argv[1], crc32c: portableCrc32c })
  console.log("open")
  setInterval(() => undefined, 1_000)`

describe("the data directory's lock", () => {
  let journal: TemporaryJournal
  const children: ChildProcess[] = []

  beforeEach(() => {
    journal = temporaryJournal()
  })

  afterEach(() => {
    for (const child of children.splice(0)) child.kill("SIGKILL")
    journal.dispose()
  })

  async function holdElsewhere(): Promise<ChildProcess> {
    const options = ["--conditions=source", "--input-type=module-typescript", "-e", HOLDER, journal.directory]
    const child = spawn(process.execPath, options, { stdio: ["ignore", "pipe", "inherit"] })
    children.push(child)
    await once(child.stdout, "data")
    return child
  }

  it("keeps a second opener of this process out, until it is let go", async () => {
    const log = await journal.open()
    await expect(journal.open()).rejects.toMatchObject({ code: "locked" })
    await expect(journal.open()).rejects.toThrow(journal.directory)
    await log.close()
    await (await journal.open()).close()
  })

  it("names the process that has it, and does not outlive a kill -9", async () => {
    const child = await holdElsewhere()
    const error = await journal.open().catch((reason: unknown) => reason)
    expect(error).toMatchObject({ name: "JournalOpenError", code: "locked" })
    expect(String(error)).toContain(journal.directory)
    expect(String(error)).toContain(`process ${child.pid}`)
    child.kill("SIGKILL")
    await once(child, "exit")
    await (await journal.open()).close()
  })
})
