import { describe, expect, it } from "vitest"
import type { Page } from "../../../functions/partitions/ports.ts"
import { type Index, newEntry, newPartition, pageOf, placedEntry } from "./fixture.ts"

const DONE = { kind: "done" }
const PLENTY = 1_000_000

export function describePages(index: Index): void {
  describe("pages", () => {
    it("are found by offset, forward from the page that holds it", async () => {
      const { partition, pages } = await stored(30)
      const forward = async (offset: number) => index().pagesAfter(partition, offset, PLENTY)
      expect(await forward(0)).toEqual({ kind: "pages", pages, more: false })
      expect(await forward(9)).toEqual({ kind: "pages", pages, more: false })
      expect(await forward(10)).toEqual({ kind: "pages", pages: pages.slice(1), more: false })
      expect(await forward(295)).toEqual({ kind: "pages", pages: pages.slice(29), more: false })
      expect(await forward(300)).toEqual({ kind: "pages", pages: [], more: false })
      expect(await index().pagesAfter({ ...partition, partition: 1 }, 0, PLENTY)).toMatchObject({ pages: [] })
    })

    it("are found newest first, backward from an offset", async () => {
      const { partition, pages } = await stored(30)
      const upTo = async (offset: number) => index().pagesUpTo(partition, offset, PLENTY)
      const newestFirst = pages.toReversed()
      expect(await upTo(300)).toEqual({ kind: "pages", pages: newestFirst, more: false })
      expect(await upTo(299)).toEqual({ kind: "pages", pages: newestFirst.slice(1), more: false })
      expect(await upTo(10)).toEqual({ kind: "pages", pages: pages.slice(0, 1), more: false })
      expect(await upTo(9)).toEqual({ kind: "pages", pages: [], more: false })
    })

    it("come up to so many bytes, one at least, until there are no more", async () => {
      const { partition, pages } = await stored(30)
      for (const maxBytes of [0, 1, 2_000, 5_000]) {
        expect(await readForward(maxBytes)).toEqual(pages)
        expect(await readBackward(maxBytes)).toEqual(pages.toReversed())
      }
      const first = await index().pagesAfter(partition, 0, 1)
      expect(first).toEqual({ kind: "pages", pages: pages.slice(0, 1), more: true })

      async function readForward(maxBytes: number): Promise<readonly Page[]> {
        const read: Page[] = []
        for (let more = true; more; ) {
          const outcome = await index().pagesAfter(partition, read.at(-1)?.endOffset ?? 0, maxBytes)
          if (outcome.kind !== "pages" || outcome.pages.length === 0) throw new Error("no pages")
          read.push(...outcome.pages)
          more = outcome.more
        }
        return read
      }

      async function readBackward(maxBytes: number): Promise<readonly Page[]> {
        const read: Page[] = []
        for (let more = true; more; ) {
          const outcome = await index().pagesUpTo(partition, read.at(-1)?.baseOffset ?? PLENTY, maxBytes)
          if (outcome.kind !== "pages" || outcome.pages.length === 0) throw new Error("no pages")
          read.push(...outcome.pages)
          more = outcome.more
        }
        return read
      }
    })

    it("may overlap, and replace one that ends where they end", async () => {
      const partition = await newPartition(index())
      const entries = Array.from({ length: 5 }, () => newEntry(2))
      const short = pageOf(0, entries.slice(0, 3))
      const long = pageOf(0, entries.slice(0, 4))
      const rest = pageOf(6, entries.slice(3))
      for (const page of [rest, short, long]) expect(await index().putPage(partition, page)).toEqual(DONE)
      const read = await index().pagesAfter(partition, 0, PLENTY)
      expect(read).toEqual({ kind: "pages", pages: [short, long, rest], more: false })
      const narrow = pageOf(4, entries.slice(2, 4), 5)
      await index().putPage(partition, narrow)
      expect(await index().pagesAfter(partition, 6, PLENTY)).toMatchObject({ pages: [narrow, rest] })
    })

    it("keep entries that name where their batches lie", async () => {
      const partition = await newPartition(index())
      const page = pageOf(2 ** 40, [placedEntry("item", 7), newEntry(3), placedEntry("object", 1_000_000)])
      await index().putPage(partition, page)
      expect(await index().pagesUpTo(partition, Number.MAX_SAFE_INTEGER, 1)).toMatchObject({ pages: [page] })
    })

    it("are removed by where they end; those that are gone are no error", async () => {
      const { partition, pages } = await stored(40)
      const ends = pages.slice(0, 38).map(({ endOffset }) => endOffset)
      expect(await index().removePages(partition, [...ends, 5, ...ends.slice(0, 2)])).toEqual(DONE)
      expect(await index().pagesAfter(partition, 0, PLENTY)).toMatchObject({ pages: pages.slice(38), more: false })
      expect(await index().removePages(partition, [])).toEqual(DONE)
    })

    /** Ten records each. */
    async function stored(count: number) {
      const partition = await newPartition(index())
      const pages = Array.from({ length: count }, (_, number) => pageOf(number * 10, [newEntry(4), newEntry(6)]))
      await Promise.all(pages.map((page) => index().putPage(partition, page)))
      return { partition, pages }
    }
  })
}
