import { randomBytes, randomUUID } from "node:crypto"
import { describe, expect, it } from "vitest"
import type { PartitionRef } from "../../../functions/log/ports.ts"
import { type Index, newPartition } from "./fixture.ts"

const DONE = { kind: "done" }

export function describeItems(index: Index): void {
  describe("placed items", () => {
    it("are read in the order asked for, with gaps for those that are not there", async () => {
      const partition = await newPartition(index())
      const items = Array.from({ length: 120 }, () => ({ key: randomUUID(), bytes: bytesOf(50) }))
      await Promise.all(items.map(({ key, bytes }) => index().putItem(partition, key, bytes)))
      const asked = [...items, { key: randomUUID(), bytes: undefined }, ...items.slice(0, 3)]
      expect(
        await index().items(
          partition,
          asked.map(({ key }) => key),
        ),
      ).toEqual({ kind: "items", items: asked.map(({ bytes }) => bytes) })
      expect(await index().items(partition, [])).toEqual({ kind: "items", items: [] })
      const [first = { key: "" }] = items
      expect(await index().items({ ...partition, partition: 1 }, [first.key])).toMatchObject({ items: [undefined] })
    })

    it("may be put again, and may be large", async () => {
      const partition = await newPartition(index())
      const [key, bytes] = [randomUUID(), bytesOf(300 * 1024)]
      for (let times = 0; times < 2; times += 1) expect(await index().putItem(partition, key, bytes)).toEqual(DONE)
      expect(await index().items(partition, [key])).toEqual({ kind: "items", items: [bytes] })
    })

    it("come together beyond what one answer of storage holds", async () => {
      const partition = await newPartition(index())
      const items = Array.from({ length: 60 }, () => ({ key: randomUUID(), bytes: bytesOf(300 * 1024) }))
      for (const { key, bytes } of items) await index().putItem(partition, key, bytes)
      const outcome = await index().items(
        partition,
        items.map(({ key }) => key),
      )
      if (outcome.kind !== "items") throw new Error(outcome.kind)
      // A deep comparison of so many bytes takes seconds.
      const same = items.map(({ bytes }, at) => Buffer.compare(bytes, outcome.items[at] ?? new Uint8Array()) === 0)
      expect(same).toEqual(items.map(() => true))
      expect(await listed(partition)).toEqual(items.map(({ key }) => key).sort())
    })

    it("are listed, and gone once removed", async () => {
      const partition = await newPartition(index())
      const keys = Array.from({ length: 90 }, () => randomUUID())
      for (const key of keys) await index().putItem(partition, key, bytesOf(10))
      expect(await listed(partition)).toEqual(keys.toSorted())
      expect(await listed({ ...partition, partition: 1 })).toEqual([])
      expect(await index().removeItems(partition, [...keys.slice(1), randomUUID(), ...keys.slice(1, 3)])).toEqual(DONE)
      expect(await listed(partition)).toEqual(keys.slice(0, 1))
      expect(await index().items(partition, keys.slice(0, 2))).toMatchObject({ items: [expect.anything(), undefined] })
      expect(await index().removeItems(partition, keys)).toEqual(DONE)
      expect(await listed(partition)).toEqual([])
    })

    async function listed(partition: PartitionRef): Promise<readonly string[]> {
      const keys: string[] = []
      let after: string | undefined
      do {
        const outcome = await index().listItems(partition, after)
        if (outcome.kind !== "page") throw new Error(outcome.kind)
        keys.push(...outcome.keys)
        after = outcome.next
      } while (after !== undefined)
      return keys.sort()
    }
  })
}

function bytesOf(size: number): Uint8Array {
  return new Uint8Array(randomBytes(size))
}
