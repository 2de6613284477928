import assert from "node:assert/strict"
import type { IncomingMessage } from "node:http"
import { EVENT_STREAM_TYPE, type Fetched, fetched } from "stratalog/protocol"
import { conformanceCase, only } from "../case.ts"
import type { CaseContext } from "../context.ts"
import { append, appendEach } from "../records.ts"

interface ServerEvent {
  readonly id: string | undefined
  readonly name: string | undefined
  readonly data: string
}

/** The events of a stream as they come; comments are counted. */
class EventReader {
  comments = 0
  readonly #message: IncomingMessage
  readonly #blocks: AsyncIterator<string>

  constructor(message: IncomingMessage) {
    this.#message = message
    this.#blocks = blocksOf(message)
  }

  async next(): Promise<ServerEvent> {
    for (;;) {
      const block = await this.#blocks.next()
      if (block.done) return assert.fail("the stream ended")
      const lines = block.value.split("\n")
      if (lines.every((line) => line.startsWith(":") || line === "")) {
        this.comments++
        continue
      }
      const field = (name: string) =>
        lines.filter((line) => line.startsWith(`${name}: `)).map((line) => line.slice(name.length + 2))
      return { id: field("id")[0], name: field("event")[0], data: field("data").join("\n") }
    }
  }

  close(): void {
    this.#message.destroy()
  }
}

async function* blocksOf(message: IncomingMessage): AsyncGenerator<string> {
  let text = ""
  const decoder = new TextDecoder()
  for await (const chunk of message) {
    text += decoder.decode(chunk, { stream: true })
    for (let end = text.indexOf("\n\n"); end !== -1; end = text.indexOf("\n\n")) {
      yield text.slice(0, end)
      text = text.slice(end + 2)
    }
  }
}

async function follow(
  context: CaseContext,
  topic: string,
  query: Record<string, string | number>,
  headers: Record<string, string> = {},
): Promise<EventReader> {
  const message = await context.open("fetchRecords", {
    params: { topic, partition: 0 },
    query,
    headers: { accept: EVENT_STREAM_TYPE, ...headers },
  })
  assert.equal(message.statusCode, 200)
  assert.match(message.headers["content-type"] ?? "", /^text\/event-stream/)
  return new EventReader(message)
}

function recordsIn(event: ServerEvent): Fetched {
  const answer = fetched.parse(JSON.parse(event.data))
  assert.equal(event.id, `${answer.nextOffset}`, "an event's id is the next offset")
  return answer
}

/** Reads on until `count` records came; the id of the last event too. */
async function take(reader: EventReader, count: number): Promise<{ values: unknown[]; id: string }> {
  const values: unknown[] = []
  let id = ""
  while (values.length < count) {
    const event = await reader.next()
    values.push(...recordsIn(event).records.map((record) => record.value))
    id = event.id ?? ""
  }
  return { values, id }
}

const streamCases = [
  conformanceCase("streams what is there and what comes", ["fetchRecords"], [], async (context) => {
    const topic = await context.newTopic(1)
    await appendEach(context, topic, ["there", { a: "line\nbreak" }])
    const reader = await follow(context, topic, { offset: 0 })
    try {
      assert.deepEqual((await take(reader, 2)).values, ["there", { a: "line\nbreak" }])
      await append(context, topic, [{ value: "came" }, { value: "too" }])
      assert.deepEqual(await take(reader, 2), { values: ["came", "too"], id: "4" })
    } finally {
      reader.close()
    }
  }),

  conformanceCase("Last-Event-ID resumes without a gap or a repeat", ["fetchRecords"], [], async (context) => {
    const topic = await context.newTopic(1)
    await appendEach(context, topic, [0, 1])
    const first = await follow(context, topic, { offset: 0, limit: 1 })
    const { values, id } = await take(first, 1)
    first.close()
    assert.deepEqual([values, id], [[0], "1"])
    await appendEach(context, topic, [2, 3])
    const second = await follow(context, topic, { offset: 0 }, { "last-event-id": id })
    try {
      assert.deepEqual((await take(second, 3)).values, [1, 2, 3], "the id wins over the query")
    } finally {
      second.close()
    }
  }),

  conformanceCase("an idle stream says at once that it is connected", ["fetchRecords"], [], async (context) => {
    const topic = await context.newTopic(1)
    const reader = await follow(context, topic, { offset: "latest" })
    try {
      await append(context, topic, [{ value: "first" }])
      assert.deepEqual((await take(reader, 1)).values, ["first"])
      assert.ok(reader.comments > 0, "comments keep the connection")
    } finally {
      reader.close()
    }
  }),

  conformanceCase(
    "a stream ends with an error event when its topic goes",
    ["fetchRecords", "deleteTopic"],
    [],
    async (context) => {
      const topic = await context.newTopic(1)
      const reader = await follow(context, topic, {})
      try {
        await context.call("deleteTopic", 204, { params: { topic } })
        const event = await reader.next()
        assert.equal(event.name, "error")
        assert.equal(JSON.parse(event.data).code, "topic_not_found")
      } finally {
        reader.close()
      }
    },
  ),

  conformanceCase(
    "errors before the stream begins are ordinary answers",
    ["fetchRecords"],
    ["topic_not_found", "invalid_request"],
    async (context) => {
      const topic = await context.newTopic(1)
      const headers = { accept: EVENT_STREAM_TYPE }
      await context.refused("fetchRecords", "topic_not_found", {
        params: { topic: context.newName(), partition: 0 },
        headers,
      })
      const wrongId = { ...headers, "last-event-id": "abc" }
      await context.refused("fetchRecords", "invalid_request", { params: { topic, partition: 0 }, headers: wrongId })
      await context.refused("fetchRecords", "invalid_request", {
        params: { topic, partition: 0 },
        query: { offset: "x" },
        headers,
      })
    },
  ),
]

export const eventStreamCases = [
  ...streamCases.map((each) =>
    only(({ limits }) => (limits.eventStream ? undefined : "it has no event streams"), each),
  ),
  only(
    ({ limits }) => (limits.eventStream ? "it has event streams" : undefined),
    conformanceCase("what cannot stream says so", ["fetchRecords"], ["not_acceptable"], async (context) => {
      const params = { topic: await context.newTopic(1), partition: 0 }
      const headers = { accept: EVENT_STREAM_TYPE }
      const problem = await context.refused("fetchRecords", "not_acceptable", { params, headers })
      assert.match(problem.detail, /wait=/)
    }),
  ),
]
