/** What the fuzzer sends: each attack makes bytes, and what is done with the connection behind them. */
import type { Random } from "../torture/random.ts"
import type { Bomb } from "./bombs.ts"

export interface Attack {
  readonly name: string
  /** Sent one after the other. */
  readonly pieces: readonly (string | Uint8Array)[]
  /** `read`: waits for an answer or an end; `leave`: goes away at once; `stall`: reads nothing, and stays; `trickle`: adds bytes. */
  readonly behind: "read" | "leave" | "stall" | "trickle"
}

type Make = (random: Random, bombs: readonly [Bomb, ...Bomb[]]) => Attack

/** A topic of this name is what a request makes that was hidden in another one. */
export const SMUGGLED = "smuggled"

const HIDDEN = `PUT /v1/topics/${SMUGGLED} HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}`
const PRODUCE = "POST /v1/topics/fuzzed/partitions/0/records"
const RECORDS = '{"records":[{"key":"k","value":{"a":[1,2,{"b":null}]}}]}'

const request = (line: string, headers = "", body: string | undefined = undefined) =>
  `${line} HTTP/1.1\r\nHost: x\r\n${headers}${body === undefined ? "" : `Content-Length: ${Buffer.byteLength(body)}\r\n`}\r\n${body ?? ""}`

const chunked = (chunks: string, headers = "") => request(PRODUCE, `Transfer-Encoding: chunked\r\n${headers}`) + chunks

function noise(random: Random, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => random.int(256)))
}

const VALID = [
  request(PRODUCE, "Content-Type: application/json\r\n", RECORDS),
  request("GET /v1/topics/fuzzed/partitions/0/records?tail=3&limit=2"),
  request("POST /v1/fetch", "", '{"partitions":[{"topic":"fuzzed","partition":0,"tail":1}]}'),
  request("POST /v1/produce", "", '{"entries":[{"topic":"fuzzed","partition":0,"records":[{"value":1}]}]}'),
  request("POST /v1/groups/fuzz/members/m/poll", "", '{"topics":["^fuz"],"wait":"50ms"}'),
  chunked(`${RECORDS.length.toString(16)}\r\n${RECORDS}\r\n0\r\n\r\n`),
] as const

/** A valid request with bytes changed, taken out, doubled or put in. */
const mutated: Make = (random) => {
  let bytes: Buffer = Buffer.from(random.pick(VALID))
  for (let change = 0; change <= random.int(4); change++) {
    const at = random.int(bytes.length)
    const [head, tail] = [bytes.subarray(0, at), bytes.subarray(at)]
    const odd = random.pick([
      Buffer.from([0]),
      Buffer.from("\r\n"),
      Buffer.from("\n"),
      Buffer.from("%00"),
      noise(random, 3),
    ])
    bytes = random.pick([
      Buffer.concat([head, odd, tail]),
      Buffer.concat([head, tail.subarray(1 + random.int(8))]),
      Buffer.concat([head, tail.subarray(0, random.int(40)), tail]),
      Buffer.concat([head, odd, tail.subarray(odd.length)]),
    ])
  }
  return { name: "a request with broken bytes", pieces: [bytes], behind: "read" }
}

const lines: Make = (random) => {
  const line = random.pick([
    "GET /v1/limits",
    "GET /v1/limits HTTP/9.9",
    "GET  /v1/limits HTTP/1.1",
    "get /v1/limits HTTP/1.1",
    "G\u0000T /v1/limits HTTP/1.1",
    "PRI * HTTP/2.0",
    "CONNECT example.org:443 HTTP/1.1",
    "TRACE /v1/limits HTTP/1.1",
    "OPTIONS * HTTP/1.1",
    "GET http://elsewhere.example/v1/topics HTTP/1.1",
    "GET //v1//limits HTTP/1.1",
    "GET /v1/topics/../limits HTTP/1.1",
    "GET /v1/topics/%2e%2e%2flimits HTTP/1.1",
    "GET /v1/topics/fuzzed%00 HTTP/1.1",
    "GET /v1/topics/%c0%ae HTTP/1.1",
    "GET /v1/topics/fuzzed?limit=%ZZ HTTP/1.1",
    "GET /V1/TOPICS HTTP/1.1",
    `GET /v1/topics/${"a".repeat(9_000)} HTTP/1.1`,
  ])
  const headers = random.pick([
    "Host: x\r\n",
    "",
    "Host: x\r\nHost: y\r\n",
    "Host: \r\n",
    "Host: x\r\nUpgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\n",
  ])
  return { name: "a strange request line", pieces: [`${line}\r\n${headers}\r\n`], behind: "read" }
}

const headers: Make = (random) => {
  const bomb = random.pick([
    `X: ${"y".repeat(20_000)}\r\n`,
    "a: b\r\n".repeat(3_000),
    Array.from({ length: 99 }, (_, index) => `h${index}: ${"v".repeat(100)}\r\n`).join(""),
    "Cookie: a=b\r\n".repeat(200),
    " folded: x\r\n",
    "Content-Type: application/json;\u0000\r\n",
    `Accept: ${"*/*;q=0.1,".repeat(1_000)}\r\n`,
    `If-None-Match: ${'"a",'.repeat(3_000)}\r\n`,
    "Authorization: Bearer a\r\nAuthorization: Bearer b\r\n",
    `Authorization: Bearer ${" ".repeat(5_000)}stk_\r\n`,
    "Expect: 100-continue\r\n",
    "Expect: the-impossible\r\n",
    "__proto__: x\r\nconstructor: y\r\n",
  ])
  return {
    name: "a header bomb",
    pieces: [request("GET /v1/topics/fuzzed/partitions/0/records", bomb)],
    behind: "read",
  }
}

const chunks: Make = (random) => {
  const body = random.pick([
    "ffffffffffffffff\r\nx\r\n",
    "7fffffffffffffff\r\nx\r\n",
    "-1\r\nx\r\n",
    "0x5\r\nhello\r\n0\r\n\r\n",
    `5;${"e".repeat(20_000)}\r\nhello\r\n0\r\n\r\n`,
    "5\nhello\n0\n\n",
    "5\r\nhelloworld\r\n0\r\n\r\n",
    `${"1\r\nx\r\n".repeat(3_000)}0\r\n\r\n`,
    `0\r\n${"t: x\r\n".repeat(3_000)}\r\n`,
    "5\r\nhel",
    " 5 \r\nhello\r\n0\r\n\r\n",
  ])
  return { name: "strange chunks", pieces: [chunked(body)], behind: random.pick(["read", "leave"]) }
}

/** Ways to have two servers disagree where a request ends. What lies behind must never be taken for a request of its own. */
const smuggling: Make = (random) => {
  const length = Buffer.byteLength(HIDDEN)
  const framing = random.pick([
    `Content-Length: ${length}\r\nTransfer-Encoding: chunked\r\n`,
    `Transfer-Encoding: chunked\r\nContent-Length: ${length}\r\n`,
    `Content-Length: 0\r\nContent-Length: ${length}\r\n`,
    `Content-Length: ${length}, 0\r\n`,
    `Content-Length: +${length}\r\n`,
    `Content-Length: ${length}x\r\n`,
    `Content-Length : ${length}\r\n`,
    "Transfer-Encoding: chunked, identity\r\n",
    "Transfer-Encoding: identity, chunked\r\n",
    "Transfer-Encoding: xchunked\r\n",
    "Transfer-Encoding : chunked\r\n",
    "Transfer-Encoding:\u000bchunked\r\n",
    "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
    "Transfer-Encoding: gzip, chunked\r\n",
    "X: y\rTransfer-Encoding: chunked\r\n",
    "X: y\nTransfer-Encoding: chunked\r\n",
  ])
  return {
    name: `smuggling by ${JSON.stringify(framing)}`,
    pieces: [request(PRODUCE, framing), `0\r\n\r\n`.repeat(random.int(2)), HIDDEN],
    behind: "read",
  }
}

const bombs: Make = (random, [first, ...others]) => {
  const { name, headers, body } = random.pick([first, ...others])
  const head = request(PRODUCE, `${headers}Content-Length: ${body.length}\r\n`)
  return { name: `a bomb: ${name}`, pieces: [head, body], behind: "read" }
}

const bodies: Make = (random) => {
  const body = random.pick([
    "[".repeat(100_000),
    `{"records":[{"value":${"[".repeat(1_000)}${"]".repeat(1_000)}}]}`,
    '{"__proto__":{"records":[]},"constructor":{"prototype":{"x":1}},"records":[{"value":1}]}',
    '{"records":[{"value":1,"__proto__":{"key":"k"}}]}',
    `{"records":[${'{"value":1},'.repeat(20_000)}{"value":2}]}`,
    `{"records":[{"value":${"9".repeat(100_000)}}]}`,
    `{"records":[{"value":"\\ud800"}]}`,
    '{"records":[{"value":1e999999}]}',
    `{"records":${"{".repeat(50)}`,
    "\ufeff{}",
    "null",
    RECORDS.repeat(3),
  ])
  const path = random.pick([PRODUCE, "PUT /v1/topics/fuzzed", "POST /v1/fetch", "POST /v1/groups/fuzz/offsets"])
  return { name: "a strange body", pieces: [request(path, "Content-Type: application/json\r\n", body)], behind: "read" }
}

const halves: Make = (random) => {
  const whole = Buffer.from(random.pick(VALID))
  const cut = 1 + random.int(whole.length - 1)
  return {
    name: "half a request",
    pieces: [whole.subarray(0, cut)],
    behind: random.pick(["leave", "leave", "trickle", "stall"]),
  }
}

const pipelined: Make = (random) => {
  const many = Array.from({ length: 1 + random.int(300) }, () => random.pick(VALID)).join("")
  const behind = random.pick<Attack["behind"]>(["read", "leave", "stall"])
  return { name: "many requests in one packet", pieces: [many, random.pick(["", "nonsense\r\n\r\n"])], behind }
}

const unread: Make = (random) => {
  const accept = random.pick(["", "Accept: text/event-stream\r\n"])
  const line = "GET /v1/topics/large/partitions/0/records?maxBytes=16777216&limit=10000"
  return {
    name: "an answer that is not taken",
    pieces: [request(line, accept)],
    behind: random.pick(["leave", "stall"]),
  }
}

const garbage: Make = (random) => ({ name: "noise", pieces: [noise(random, 1 + random.int(2_000))], behind: "read" })

const ALL = [
  mutated,
  mutated,
  lines,
  headers,
  chunks,
  smuggling,
  bodies,
  halves,
  pipelined,
  garbage,
  bombs,
  unread,
] as const

export function attack(random: Random, given: readonly [Bomb, ...Bomb[]]): Attack {
  return random.pick(ALL)(random, given)
}
