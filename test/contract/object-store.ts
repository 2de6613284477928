/** What every `ObjectStore` promises, whatever it is made of. */
import { randomUUID } from "node:crypto"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import type { ObjectStore, StoredObject } from "../../functions/segments/ports.ts"
import type { MakeSubject, Subject } from "./subject.ts"

const text = (value: string) => new TextEncoder().encode(value)

/** Bytes that differ from place to place, so that a part in the wrong place shows. */
function pattern(length: number, seed: number): Uint8Array {
  const words = new Uint32Array(Math.ceil(length / 4))
  for (let index = 0, state = seed; index < words.length; index += 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    words[index] = state
  }
  return new Uint8Array(words.buffer, 0, length)
}

/** All pages of a list, one after another. */
async function listAll(store: ObjectStore, prefix: string, limit: number): Promise<readonly StoredObject[]> {
  const objects: StoredObject[] = []
  let after: string | undefined
  do {
    const page = await store.list({ prefix, limit, ...(after === undefined ? {} : { after }) })
    if (page.kind !== "page") throw new Error(page.detail)
    expect(page.objects.length).toBeLessThanOrEqual(limit)
    objects.push(...page.objects)
    after = page.next
  } while (after !== undefined)
  return objects
}

/** Each test has a folder of its own, so that subjects may share a bucket. */
export function describeObjectStore(name: string, makeSubject: MakeSubject<Subject<ObjectStore>>): void {
  describe(`object store: ${name}`, () => {
    let subject: Subject<ObjectStore>
    let store: ObjectStore
    let folder: string
    const at = (key: string) => `${folder}/${key}`
    const put = async (key: string, content: string) =>
      expect(await store.put(at(key), [text(content)])).toEqual({ kind: "stored" })
    const get = async (key: string, start: number, end: number) => {
      const outcome = await store.get(at(key), { start, end })
      return outcome.kind === "object" ? new TextDecoder().decode(outcome.bytes) : outcome.kind
    }
    beforeEach(async () => {
      subject = await makeSubject()
      store = subject.store
      folder = `t/${randomUUID()}`
    })
    afterEach(() => subject.dispose())

    it("gives back what was put, its parts one after another", async () => {
      const parts = ["one", "", "two", "three"].map(text)
      expect(await store.put(at("a"), parts)).toEqual({ kind: "stored" })
      expect(await store.get(at("a"))).toEqual({ kind: "object", bytes: text("onetwothree") })
    })

    it("keeps what it said across a restart", async () => {
      await put("a/b.log", "kept")
      await put("gone", "gone")
      await store.remove([at("gone")])
      store = await subject.reopen()
      expect(await store.get(at("a/b.log"))).toEqual({ kind: "object", bytes: text("kept") })
      expect(await store.get(at("gone"))).toEqual({ kind: "missing" })
    })

    it("keeps views into larger buffers apart from what surrounds them", async () => {
      const around = text("0123456789")
      await store.put(at("a"), [around.subarray(2, 4), around.subarray(7, 8)])
      expect(await store.get(at("a"))).toEqual({ kind: "object", bytes: text("237") })
    })

    it("says so where there is no such object, whatever is asked of it", async () => {
      await put("a/b", "there")
      for (const key of ["a", "a/b/c", "b"]) {
        expect(await store.get(at(key))).toEqual({ kind: "missing" })
        expect(await store.get(at(key), { start: 0, end: 10 })).toEqual({ kind: "missing" })
      }
    })

    it("gives a range, cut to the object's end", async () => {
      await put("a", "0123456789")
      expect(await get("a", 0, 1)).toBe("0")
      expect(await get("a", 3, 7)).toBe("3456")
      expect(await get("a", 9, 10)).toBe("9")
      expect(await get("a", 0, 10)).toBe("0123456789")
      expect(await get("a", 8, 1000)).toBe("89")
    })

    it("gives no bytes for a range that begins at the object's end or beyond", async () => {
      await put("a", "0123456789")
      await store.put(at("empty"), [])
      expect(await get("a", 10, 20)).toBe("")
      expect(await get("a", 100, 200)).toBe("")
      expect(await get("empty", 0, 10)).toBe("")
    })

    it("stores an object without bytes", async () => {
      expect(await store.put(at("none"), [])).toEqual({ kind: "stored" })
      expect(await store.put(at("empty"), [new Uint8Array()])).toEqual({ kind: "stored" })
      for (const key of ["none", "empty"]) {
        expect(await store.get(at(key))).toEqual({ kind: "object", bytes: new Uint8Array() })
      }
      expect((await listAll(store, folder, 10)).map(({ size }) => size)).toEqual([0, 0])
    })

    it("stores 20 MB in several parts, and ranges of it", async () => {
      const parts = [pattern(1, 1), pattern(7_000_001, 2), pattern(12_999_998, 3)]
      const whole = Buffer.concat(parts)
      expect(await store.put(at("large"), parts)).toEqual({ kind: "stored" })
      const read = await store.get(at("large"))
      expect(read.kind === "object" && whole.equals(read.bytes)).toBe(true)
      const range = { start: 6_999_990, end: 8_100_000 }
      const middle = await store.get(at("large"), range)
      expect(middle.kind === "object" && whole.subarray(range.start, range.end).equals(middle.bytes)).toBe(true)
      expect(await listAll(store, folder, 10)).toMatchObject([{ key: at("large"), size: 20_000_000 }])
    })

    it("takes the same put again", async () => {
      await put("a", "same")
      await put("a", "same")
      expect(await Promise.all([0, 1, 2].map(() => store.put(at("a"), [text("same")])))).toEqual(
        [0, 1, 2].map(() => ({ kind: "stored" })),
      )
      expect(await store.get(at("a"))).toEqual({ kind: "object", bytes: text("same") })
      expect(await listAll(store, folder, 10)).toHaveLength(1)
    })

    it("removes what is there and minds nothing that is not", async () => {
      await put("a", "a")
      await put("b/c", "c")
      await put("b/d", "d")
      expect(await store.remove([at("a"), at("none"), at("b"), at("b/c")])).toEqual({ kind: "removed" })
      expect(await store.remove([at("a")])).toEqual({ kind: "removed" })
      expect(await store.remove([])).toEqual({ kind: "removed" })
      expect((await listAll(store, folder, 10)).map(({ key }) => key)).toEqual([at("b/d")])
    })

    it("lists by key in the order of code units, with the sizes and when they were stored", async () => {
      const before = Date.now()
      const keys = ["b/10", "b/9", "a", "b-1", "b.log", "b/1", "b0", "c/d/e", "a/b"]
      for (const key of keys) await put(key, key)
      const objects = await listAll(store, `${folder}/`, 100)
      expect(objects.map(({ key }) => key)).toEqual(keys.map(at).sort())
      for (const { key, size, storedAt } of objects) {
        expect(size).toBe(key.length - folder.length - 1)
        expect(Number.isSafeInteger(storedAt)).toBe(true)
        // By the storage's clock, which may be another machine's or stand still: only that it is a time is sure.
        expect(Math.abs(storedAt - before)).toBeLessThan(100 * 366 * 24 * 3600 * 1000)
      }
    })

    it("lists what begins with a prefix, be it a folder or not", async () => {
      for (const key of ["a/1", "a/10", "a/2", "ab", "b/1"]) await put(key, key)
      const below = async (prefix: string) => (await listAll(store, at(prefix), 100)).map(({ key }) => key)
      expect(await below("a")).toEqual(["a/1", "a/10", "a/2", "ab"].map(at))
      expect(await below("a/")).toEqual(["a/1", "a/10", "a/2"].map(at))
      expect(await below("a/1")).toEqual(["a/1", "a/10"].map(at))
      expect(await below("a/1/")).toEqual([])
      expect(await below("none/")).toEqual([])
    })

    it("lists a page at a time, none missing and none twice", async () => {
      const keys = Array.from({ length: 23 }, (_, index) => `p${index % 3}/${index.toString().padStart(3, "0")}`)
      await Promise.all(keys.map((key) => store.put(at(key), [text(key)])))
      for (const limit of [1, 7, 22, 23, 24]) {
        expect((await listAll(store, `${folder}/`, limit)).map(({ key }) => key)).toEqual(keys.map(at).sort())
      }
      expect(await store.list({ prefix: `${folder}/`, limit: 23 })).not.toHaveProperty("next")
    })

    it("lists from after a key, one that is not there too", async () => {
      for (const key of ["a", "b/1", "b/2", "c"]) await put(key, key)
      const keysAfter = async (key: string, prefix = "") => {
        const page = await store.list({ prefix: at(prefix), after: at(key), limit: 100 })
        return page.kind === "page" ? page.objects.map((object) => object.key) : page
      }
      expect(await keysAfter("a")).toEqual(["b/1", "b/2", "c"].map(at))
      expect(await keysAfter("b")).toEqual(["b/1", "b/2", "c"].map(at))
      expect(await keysAfter("b/1")).toEqual(["b/2", "c"].map(at))
      expect(await keysAfter("b/15")).toEqual(["b/2", "c"].map(at))
      expect(await keysAfter("a", "b/")).toEqual(["b/1", "b/2"].map(at))
      expect(await keysAfter("c", "b/")).toEqual([])
    })

    it("lists and removes a thousand at once", async () => {
      const keys = Array.from({ length: 1000 }, (_, index) => at(`k/${index.toString().padStart(4, "0")}`))
      for (let from = 0; from < keys.length; from += 50) {
        await Promise.all(keys.slice(from, from + 50).map((key) => store.put(key, [text("x")])))
      }
      await put("k/other", "stays")
      const page = await store.list({ prefix: at("k/"), limit: 1000 })
      expect(page.kind === "page" && page.objects.map(({ key }) => key)).toEqual(keys)
      expect(page).toMatchObject({ next: keys.at(-1) })
      expect(await store.remove(keys)).toEqual({ kind: "removed" })
      expect((await listAll(store, at("k/"), 1000)).map(({ key }) => key)).toEqual([at("k/other")])
    })

    it("serves many at once", async () => {
      const keys = Array.from({ length: 64 }, (_, index) => at(`${index % 8}/${index}`))
      const outcomes = await Promise.all(keys.map((key, index) => store.put(key, [pattern(10_000 + index, index)])))
      expect(outcomes).toEqual(keys.map(() => ({ kind: "stored" })))
      const reads = await Promise.all(keys.map((key) => store.get(key)))
      for (const [index, read] of reads.entries()) {
        expect(read.kind === "object" && Buffer.from(read.bytes).equals(pattern(10_000 + index, index))).toBe(true)
      }
      await Promise.all([store.remove(keys.slice(0, 40)), store.remove(keys.slice(20))])
      expect(await listAll(store, folder, 100)).toEqual([])
    })
  })
}
