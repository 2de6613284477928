/** How much one look asks for, of a service that has more than that. */
import { Stratalog } from "stratalog"
import { describe, expect, it } from "vitest"
import { takeLook } from "../../../sdk/cli/watch/take-look.ts"

interface Holds {
  /** Partitions by name, in the order of names. */
  readonly topics?: Readonly<Record<string, number>>
  readonly groups?: readonly string[]
}

const PAGE = 100
const numbered = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, n) => `${prefix}${String(n).padStart(5, "0")}`)

/** A service that holds this and nothing in it, and the paths it was asked for. */
function serviceOf({ topics = {}, groups = [] }: Holds) {
  const asked: string[] = []
  const log = new Stratalog({
    url: "http://stratalog",
    fetch: async (url) => {
      const { pathname, searchParams } = new URL(url)
      asked.push(pathname)
      return new Response(JSON.stringify(answer(pathname, Number(searchParams.get("cursor") ?? 0))))
    },
  })
  function answer(path: string, from: number): unknown {
    const page = <T>(all: readonly T[]) => ({
      entries: all.slice(from, from + PAGE),
      ...(from + PAGE < all.length ? { nextCursor: String(from + PAGE) } : {}),
    })
    if (path === "/v1/topics") {
      const { entries, ...next } = page(Object.entries(topics))
      return { topics: entries.map(([name, partitions]) => ({ name, id: name, partitions })), ...next }
    }
    if (path === "/v1/groups") {
      const { entries, ...next } = page(groups)
      return { groups: entries.map((group) => ({ group })), ...next }
    }
    if (path.endsWith("/offsets")) return { offsets: [] }
    return path.endsWith("/lag")
      ? { partitions: [], totalLag: 0 }
      : { group: path.split("/").at(-1), state: "Empty", members: [] }
  }
  const look = (most: number, groupPrefix = "") => {
    const scope = { topics: true, groups: undefined, topicPrefix: "", groupPrefix, most }
    return takeLook(log, scope, () => 0, new AbortController().signal)
  }
  return { look, asked }
}

describe("a look", () => {
  it("counts its requests", async () => {
    const { look, asked } = serviceOf({ topics: { a: 1, b: 2 }, groups: numbered("g", 3) })
    const { requests, more } = await look(100)
    expect([requests, more]).toEqual([asked.length, { topics: false, groups: false }])
    expect(asked).toHaveLength(2 + 2 + 2 * 3)
  })

  it("takes the first by name, and lists no more names than these", async () => {
    const names = numbered("t", 1_000)
    const topics = Object.fromEntries(names.map((name) => [name, 1]))
    const { look, asked } = serviceOf({ topics, groups: numbered("g", 1_000) })
    const seen = await look(150)
    expect(seen.topics.map(({ topic }) => topic)).toEqual(names.slice(0, 150))
    expect([seen.groups.length, seen.more]).toEqual([150, { topics: true, groups: true }])
    expect(asked.filter((path) => path === "/v1/topics" || path === "/v1/groups")).toHaveLength(4)
  })

  it("leaves out topics beyond 5,000 partitions whole, and takes smaller ones after them", async () => {
    const { look } = serviceOf({ topics: { a: 4_000, b: 1_001, c: 1_000, d: 1 } })
    const seen = await look(100)
    expect(seen.topics.map(({ topic }) => topic)).toEqual(["a", "c"])
    expect(seen.more.topics).toBe(true)
  })

  it("does not look through all names for a few", async () => {
    const large = Object.fromEntries(numbered("t", 10_000).map((name) => [name, 6_000]))
    const { look, asked } = serviceOf({ topics: large, groups: [...numbered("a", 10_000), "wanted"] })
    const seen = await look(100, "wanted")
    expect([seen.topics, seen.groups, seen.more]).toEqual([[], [], { topics: true, groups: true }])
    expect(asked.length).toBeLessThanOrEqual(2 * 21)
  })

  it("ends its list of groups behind those of the prefix", async () => {
    const { look, asked } = serviceOf({ groups: ["a", "b", ...numbered("c", 5), ...numbered("d", 1_000)] })
    const seen = await look(100, "c")
    expect([seen.groups.length, seen.more.groups]).toEqual([5, false])
    expect(asked.filter((path) => path === "/v1/groups")).toHaveLength(1)
  })

  it("leaves out what copies keep", async () => {
    const { look } = serviceOf({ groups: ["strata-copy", "t"] })
    expect((await look(100)).groups.map(({ group }) => group)).toEqual(["t"])
  })
})
