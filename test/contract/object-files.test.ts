import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, it } from "vitest"
import { type FileLayer, nodeFiles, type OpenFile } from "../../functions/storage/embedded/files/index.ts"
import { openObjectFiles } from "../../functions/storage/embedded/objects/index.ts"
import { describeObjectStore } from "./object-store.ts"

async function temporary() {
  const parent = await mkdtemp(join(tmpdir(), "stratalog-objects-"))
  const directory = join(parent, "objects")
  return { directory, dispose: () => rm(parent, { recursive: true }) }
}

describeObjectStore("files", async () => {
  const { directory, dispose } = await temporary()
  return { store: await openObjectFiles({ directory }), reopen: () => openObjectFiles({ directory }), dispose }
})

it("removes what a crash left unfinished, and nothing else", async () => {
  const { directory, dispose } = await temporary()
  const bytes = new Uint8Array([1, 2, 3])
  await (await openObjectFiles({ directory })).put("segments/a/0/1.log", [bytes])
  await writeFile(join(directory, "~unfinished", "7"), "torn")
  const store = await openObjectFiles({ directory })
  expect(await readdir(join(directory, "~unfinished"))).toEqual([])
  expect(await store.get("segments/a/0/1.log")).toEqual({ kind: "object", bytes })
  await dispose()
})

it("leaves nothing unfinished behind itself", async () => {
  const { directory, dispose } = await temporary()
  const store = await openObjectFiles({ directory })
  await store.put("t/a", [new Uint8Array(10)])
  expect((await readdir(directory)).sort()).toEqual(["t", "~unfinished"])
  expect(await readdir(join(directory, "~unfinished"))).toEqual([])
  await dispose()
})

it("answers storage_full on a full disk, keeps nothing of the object, and goes on when there is room", async () => {
  const { directory, dispose } = await temporary()
  let room = 0
  const files: FileLayer = {
    ...nodeFiles,
    open: async (path, mode) => {
      const file = await nodeFiles.open(path, mode)
      const write: OpenFile["write"] = async (buffers, position) => {
        const fits = Buffer.concat(buffers).subarray(0, room)
        if (fits.length === 0) throw Object.assign(new Error("ENOSPC: no space left"), { code: "ENOSPC" })
        room -= fits.length
        return file.write([fits], position)
      }
      return { ...file, write }
    },
  }
  const store = await openObjectFiles({ directory, files })
  for (room of [0, 6]) {
    const outcome = await store.put("t/a", [new Uint8Array(4), new Uint8Array(6)])
    expect(outcome).toMatchObject({ kind: "unavailable", reason: "storage_full", sideEffects: "none" })
    expect(await readdir(join(directory, "~unfinished"))).toEqual([])
    expect(await store.get("t/a")).toEqual({ kind: "missing" })
  }
  room = 10
  expect(await store.put("t/a", [new Uint8Array(4), new Uint8Array(6)])).toEqual({ kind: "stored" })
  await dispose()
})

it("refuses keys that would lead elsewhere", async () => {
  const { directory, dispose } = await temporary()
  const store = await openObjectFiles({ directory })
  for (const key of ["t/..", "t/.", "../a", "a", "/a", "t/a_b", "t//a", "~unfinished/1", "T/a", ""]) {
    await expect(store.put(key, []), key).rejects.toThrow(RangeError)
    await expect(store.get(key), key).rejects.toThrow(RangeError)
  }
  expect(await readdir(directory)).toEqual(["~unfinished"])
  await dispose()
})
