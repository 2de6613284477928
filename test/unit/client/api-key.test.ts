/** The key that a client shows: with every request, to the service alone, and nowhere to be read. */
import { inspect } from "node:util"
import { type FetchFunction, type KeyWanted, Stratalog, StratalogError, type StratalogOptions } from "stratalog"
import { signedFetch } from "stratalog/aws"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type EmbeddedService, openEmbeddedService } from "../../fakes/embedded-service.ts"
import { HurriedClock } from "../../fakes/hurried-clock.ts"
import { KeyGate } from "../../fakes/key-gate.ts"

const KEY = "stk_7f3kq9_planted0secret0planted0secret"
const NEXT = "stk_8a1bb2_another0secret0another0secret"

let service: EmbeddedService

beforeAll(async () => {
  service = await openEmbeddedService()
})

afterAll(() => service.close())

function behindGate(options: Partial<StratalogOptions>, ...keys: readonly string[]) {
  const gate = new KeyGate(async (url, init) => service.fetch(new Request(url, init)), ...keys)
  const clock = new HurriedClock(() => false)
  return { gate, log: new Stratalog({ url: "http://service.test", fetch: gate.fetch, ...clock, ...options }) }
}

const failure = (call: Promise<unknown>): Promise<StratalogError> =>
  call.then(
    () => expect.unreachable("it was let in"),
    (error) => (error instanceof StratalogError ? error : expect.unreachable(String(error))),
  )

describe("a client with a key", () => {
  it("shows it with every request: of topics, producers, readers and consumers", async () => {
    const { gate, log } = behindGate({ apiKey: KEY }, KEY)
    await log.topics.create("orders", { partitions: 1 })
    await log.topic("orders").produce({ value: 1 })
    const producer = log.topic("orders").producer()
    await producer.send({ value: 2 })
    await producer.close()
    const read: unknown[] = []
    for await (const { value } of log.topic("orders").read({ from: "earliest" })) read.push(value)
    const consumer = log.consumer({ group: "billing", topics: ["orders"] })
    for await (const { value } of consumer) if (value === 2) break
    await consumer.close()
    await log.group("billing").lag()
    await log.health()
    expect(read).toEqual([1, 2])
    expect(gate.shown.length).toBeGreaterThan(8)
    expect(new Set(gate.shown)).toEqual(new Set([`Bearer ${KEY}`]))
  })

  it("shows it beside headers of its own", async () => {
    const seen: Record<string, string>[] = []
    const fetch = async (_: string, init: RequestInit) => {
      seen.push(Object.fromEntries(new Headers(init.headers)))
      return Response.json({ maxBatchBytes: 1 })
    }
    const log = new Stratalog({ url: "http://service.test", apiKey: KEY, headers: { "x-team": "billing" }, fetch })
    await log.limits()
    expect(seen).toMatchObject([{ "x-team": "billing", authorization: `Bearer ${KEY}` }])
  })

  it("leaves off the blanks that a file or a secret has at its end", async () => {
    const { gate, log } = behindGate({ apiKey: async () => ` ${KEY}\r\n` }, KEY)
    await log.limits()
    expect(gate.shown).toEqual([`Bearer ${KEY}`])
  })

  it("is told once that the key is not taken, and asks no more", async () => {
    const { gate, log } = behindGate({ apiKey: KEY })
    expect(await failure(log.limits())).toMatchObject({ status: 401, retryable: false, sideEffects: "none" })
    expect(await failure(log.topic("orders").produce({ value: 1 }))).toMatchObject({ status: 401 })
    expect(gate.shown.length).toBe(2)
  })

  it("ends its producer and consumer by that error", async () => {
    const { log } = behindGate({ apiKey: KEY })
    const producer = log.topic("orders").producer({ metadataMaxAgeMs: 1 })
    expect(await failure(producer.send({ value: 1 }))).toMatchObject({ status: 401, sideEffects: "none" })
    await producer.close()
    const consumer = log.consumer({ group: "g", topics: ["orders"] })
    expect(await failure(consumer.run({ eachRecord: () => undefined }))).toMatchObject({ status: 401 })
  })
})

describe("a key that is given by a function", () => {
  it("is asked for before each request, so that it may change", async () => {
    let current = KEY
    const { gate, log } = behindGate({ apiKey: () => current }, KEY, NEXT)
    await log.limits()
    current = NEXT
    await log.limits()
    expect(gate.shown).toEqual([`Bearer ${KEY}`, `Bearer ${NEXT}`])
  })

  it("is asked for once more where it was refused, told so, and the request is made", async () => {
    const asked: KeyWanted[] = []
    const apiKey = async (wanted: KeyWanted) => {
      asked.push(wanted)
      return wanted.refused ? NEXT : KEY
    }
    const { gate, log } = behindGate({ apiKey }, NEXT)
    const [produced] = await log.topic("orders").produce({ value: 3 })
    expect(produced).toMatchObject({ partition: 0, count: 1 })
    expect(asked).toEqual([{ refused: false }, { refused: true }])
    expect(gate.shown).toEqual([`Bearer ${KEY}`, `Bearer ${NEXT}`])
  })

  it("is given up after that", async () => {
    let keys = 0
    const { gate, log } = behindGate({ apiKey: () => `stk_${keys++}` })
    expect(await failure(log.limits())).toMatchObject({ status: 401 })
    expect(gate.shown).toEqual(["Bearer stk_0", "Bearer stk_1"])
  })

  it("is not sent again where it is still the same", async () => {
    const { gate, log } = behindGate({ apiKey: () => KEY })
    expect(await failure(log.limits())).toMatchObject({ status: 401 })
    expect(gate.shown.length).toBe(1)
  })

  it("may fail for a while", async () => {
    let calls = 0
    const apiKey = () => {
      if (calls++ < 2) throw new Error("the vault is sealed")
      return KEY
    }
    const { gate, log } = behindGate({ apiKey }, KEY)
    await log.topic("orders").produce({ value: 4 })
    expect([calls, gate.shown.length]).toEqual([3, 1])
    calls = Number.NEGATIVE_INFINITY
    expect(await failure(log.topic("orders").produce({ value: 5 }))).toMatchObject({
      code: "credentials_unavailable",
      detail: expect.stringContaining("the vault is sealed"),
      sideEffects: "none",
    })
  })

  it("is waited for as long as a request, and then nothing was sent", async () => {
    const { gate, log } = behindGate({ apiKey: () => new Promise<string>(() => {}) }, KEY)
    const error = await failure(log.topic("orders").produce({ value: 6 }))
    expect(error).toMatchObject({ code: "credentials_unavailable", sideEffects: "none" })
    expect(gate.shown).toEqual([])
    const stop = new AbortController()
    const waiting = log.limits({ signal: stop.signal })
    stop.abort(new Error("no more"))
    await expect(waiting).rejects.toThrow("no more")
  })
})

describe("what is no key", () => {
  const tried = (apiKey: string) => {
    try {
      return new Stratalog({ url: "http://service.test", apiKey })
    } catch (error) {
      return error
    }
  }

  it.each(["", "  ", `Bearer ${KEY}`, `${KEY}\r\nx-other: 1`, `${KEY}\n${KEY}`, `${KEY}ü`, `${KEY}\0`])(
    "is refused before anything is sent, and is not told: %j",
    async (apiKey) => {
      const error = tried(apiKey)
      expect(error).toMatchObject({ code: "invalid_argument", retryable: false })
      expect(inspect(error)).not.toContain("planted")
      const { gate, log } = behindGate({ apiKey: () => apiKey }, apiKey)
      const later = await failure(log.limits())
      expect(later).toMatchObject({ code: "invalid_argument" })
      expect(inspect(later, { depth: 9 })).not.toContain("planted")
      expect(gate.shown).toEqual([])
    },
  )

  it("does not go with an Authorization header beside it", async () => {
    const headers = { AUTHORIZATION: "Basic x" }
    const url = "http://service.test"
    expect(() => new Stratalog({ url, apiKey: KEY, headers })).toThrow(/one too many/)
    const { gate, log } = behindGate({ apiKey: KEY, headers: () => headers }, KEY)
    expect(await failure(log.limits())).toMatchObject({ code: "invalid_argument" })
    expect(gate.shown).toEqual([])
  })

  it("does not go with a signature for AWS", async () => {
    const credentials = { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" }
    const { gate } = behindGate({}, KEY)
    const fetch = signedFetch({ credentials, region: "eu-central-1", fetch: gate.fetch })
    const log = new Stratalog({ url: "http://service.test", apiKey: KEY, fetch })
    expect(await failure(log.limits())).toMatchObject({
      code: "invalid_argument",
      detail: expect.stringMatching(/signed for AWS or carries an API key, not both/),
    })
    expect(gate.shown).toEqual([])
  })
})

describe("a planted key", () => {
  const everything = (value: unknown) =>
    [
      inspect(value, { depth: Number.POSITIVE_INFINITY, showHidden: true, getters: true }),
      JSON.stringify(value, (_, member) => (typeof member === "bigint" ? String(member) : member)) ?? "",
      String(value),
    ].join("\n")

  it("is not to be read in a client, nor in what it makes", async () => {
    const { log } = behindGate({ apiKey: KEY }, KEY)
    const producer = log.topic("orders").producer()
    const made = [log, log.topics, log.groups, log.topic("orders"), log.group("g"), producer, log.producer()]
    const all = [...made, log.consumer({ group: "g", topics: ["orders"] })]
    for (const object of all) expect(everything(object)).not.toContain("planted")
    await producer.close()
  })

  const hangs = ({ signal }: RequestInit) =>
    new Promise<Response>((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)))

  it.each<[string, (init: RequestInit) => Promise<Response>]>([
    ["refused", async () => new Response("no", { status: 401 })],
    ["cut off", async () => new Response("{")],
    [
      "sent elsewhere",
      async () => new Response(null, { status: 302, headers: { location: "http://elsewhere.test/" } }),
    ],
    ["disconnected", () => Promise.reject(new TypeError("fetch failed", { cause: new Error("socket hang up") }))],
    ["without an answer", hangs],
  ])("is in no error of a request that is %s", async (_, answer) => {
    const clock = new HurriedClock(() => false)
    const fetch: FetchFunction = (_url, init) => answer(init)
    const log = new Stratalog({ url: "http://service.test", apiKey: KEY, fetch, ...clock })
    const errors = [await failure(log.limits()), await failure(log.topic("orders").produce({ value: 1 }))]
    for (const error of errors) expect(everything(error)).not.toContain("planted")
  })
})
