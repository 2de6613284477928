/** What a later version wrote is refused with a sentence that says what to install, and nothing of it is touched. */
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { portableCrc32c } from "stratalog/record-batch"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { nodeFiles } from "../../../functions/storage/embedded/files/index.ts"
import { FRAME_HEADER_BYTES } from "../../../functions/storage/embedded/journal/frame.ts"
import { entryOf, P0, type TemporaryJournal, TOPIC, temporaryJournal } from "../../fakes/temporary-journal.ts"

const FILE = "00000000000000000001.journal"
const VERSION_AT = 9
const TYPE_AT = 8

describe("a data directory", () => {
  let journal: TemporaryJournal

  beforeEach(async () => {
    journal = temporaryJournal()
    const log = await journal.open()
    await log.createPartitions(TOPIC, 1)
    await log.append(P0, [entryOf()])
    await log.append(P0, [entryOf()])
    await log.close()
  })
  afterEach(() => journal.dispose())

  /** Name and content of all files but those of the lock. */
  const contents = () =>
    readdirSync(journal.directory, { recursive: true, encoding: "utf8" })
      .map((name) => join(journal.directory, name))
      .filter((path) => statSync(path).isFile() && !/lock\.(db|pid)|reserve$/.test(path))
      .map((path) => [path, readFileSync(path, "base64")])

  async function refusal(): Promise<Error> {
    const before = contents()
    const error = await journal.open().then(
      () => new Error("it was opened"),
      (reason: Error) => reason,
    )
    expect(contents()).toEqual(before)
    return error
  }

  const mark = (text: string) => writeFileSync(join(journal.directory, "format"), text)
  const marked = () => readFileSync(join(journal.directory, "format"), "utf8")

  it("is marked with its format, also one that a version without marks wrote", async () => {
    expect(marked()).toBe("1 0.1.0\n")
    await nodeFiles.remove(join(journal.directory, "format"))
    await (await journal.open()).close()
    expect(marked()).toBe("1 0.1.0\n")
  })

  it("is marked where an earlier attempt was cut off", async () => {
    await nodeFiles.remove(join(journal.directory, "format"))
    writeFileSync(join(journal.directory, "format.unfinished"), "1 0.")
    await (await journal.open()).close()
    expect(marked()).toBe("1 0.1.0\n")
  })

  it("is opened without a mark, and said to have none, where none can be written", async () => {
    await nodeFiles.remove(join(journal.directory, "format"))
    const full = Object.assign(new Error("no space left on device"), { code: "ENOSPC" })
    const files = { ...nodeFiles, rename: () => Promise.reject(full) }
    const log = await journal.open({ files })
    expect((await log.describe(P0)).kind).toBe("partition")
    await log.close()
    expect(journal.events).toContainEqual(expect.objectContaining({ kind: "failure", error: full }))
  })

  it("of a later format is refused", async () => {
    mark("2 0.9.0\n")
    const error = await refusal()
    expect(error).toMatchObject({ name: "JournalOpenError", code: "unsupported" })
    expect(error.message).toBe(
      `The data directory ${journal.directory} is of format 2, and this version of Stratalog knows formats up to 1: install version 0.9.0 or a later one.`,
    )
  })

  it.each(["", "two", "0 0.1.0", "2", "-1 0.1.0"])("whose mark says nothing is refused: %j", async (text) => {
    mark(text)
    expect((await refusal()).message).toContain(`${join(journal.directory, "format")} names no format`)
  })

  /** Changes the frame at `position`, and its checksum. */
  function changeFrame(position: number, at: number, value: number): void {
    const bytes = readFileSync(journal.path(FILE))
    bytes[position + at] = value
    bytes.writeUInt32BE(portableCrc32c(bytes.subarray(position + 8, position + FRAME_HEADER_BYTES)), position + 4)
    writeFileSync(journal.path(FILE), bytes)
  }

  function secondFrame(): number {
    return FRAME_HEADER_BYTES + readFileSync(journal.path(FILE)).readUInt32BE(12)
  }

  it("that begins with a later version's frame is refused, not taken for an empty one", async () => {
    changeFrame(0, VERSION_AT, 2)
    expect(await refusal()).toMatchObject({ code: "unsupported" })
    expect((await refusal()).message).toMatch(/byte 0 of file 1, was written by a later version: install that one/)
  })

  it("with a later version's frame in it is refused, not cut off there", async () => {
    changeFrame(secondFrame(), VERSION_AT, 2)
    expect(await refusal()).toMatchObject({ code: "unsupported" })
  })

  it("with a frame of a type that is not known is refused", async () => {
    changeFrame(secondFrame(), TYPE_AT, 99)
    const error = await refusal()
    expect(error).toMatchObject({ code: "unsupported" })
    expect(error.message).toContain("a frame of type 99")
  })

  it("with a later version's producers is refused", async () => {
    const database = new DatabaseSync(join(journal.directory, "producers.db"))
    database.exec("PRAGMA user_version = 2")
    database.close()
    const error = await refusal()
    expect(error).toMatchObject({ code: "unsupported" })
    expect(error.message).toContain("producers.db was written by a later version")
  })
})
