/** Nothing is reached under another spelling, method or header with other rights than under its own. */
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { AclBinding } from "../../../../functions/access/acl.ts"
import { allowing } from "../../../fakes/named-callers.ts"
import { type Carried, carriers } from "./carriers.ts"
import { ALICE, gateOf, keys } from "./keys.ts"

const bearer = (key: string) => ["Authorization", `Bearer ${key}`]
const root = bearer(keys.root)
const alice = bearer(keys.alice)

/** Ways to write a path that is not `own` to whoever looks at the first part of it alone, or does not decode it. */
const spellings = (own: string, other: string) => [
  `/v1/topics/${own}/../${other}`,
  `/v1/topics/${own}/%2e%2e/${other}`,
  `/v1/topics/${own}/.%2E/${other}`,
  `/v1/topics/${own}%2F..%2F${other}`,
  `/v1/topics/${own}%2f%2e%2e%2f${other}`,
  `/v1/topics/${own}\\..\\${other}`,
  `/v1/topics/${own}%5C..%5C${other}`,
  `/v1/topics/${own}%00/../${other}`,
  `/v1/topics/${own}%3F/../${other}`,
  `/v1/topics/${own};/../${other}`,
  `/v1/topics/${own}/..;/${other}`,
  `/v1/topics/./${other}`,
  `/v1/./topics/${other}`,
  `/v1//topics/${other}`,
  `//v1/topics/${other}`,
  `/v1/topics//${other}`,
  `/v1/topics/${other}/`,
  `/v1/topics/${other}//`,
  `/v1/topics/${other}/.`,
  `/v1/topics/${other}.`,
  `/v1/topics/${other}%20`,
  `/v1/topics/%20${other}`,
  `/v1/topics/${other}%00`,
  `/v1/topics/${other}%0a`,
  `/v1/topics/${other}%23`,
  `/v1/topics/${other}%3Ftopic=${own}`,
  `/v1/topics/${other}%3Bx`,
  `/v1/topics/${other};x=1`,
  `/v1/topics;x=1/${other}`,
  `/v1/topics/${other}?topic=${own}`,
  `/v1/topics/${other}?`,
  `/v1/topics/%${other.charCodeAt(0).toString(16)}${other.slice(1)}`,
  `/v1/topics/%25${other.charCodeAt(0).toString(16)}${other.slice(1)}`,
  `/v1/%74opics/${other}`,
  `/V1/topics/${other}`,
  `/v1/TOPICS/${other}`,
  `/v1/topics/${other.toUpperCase()}`,
  `/v1/health/../topics/${other}`,
  `/v1/health/%2e%2e/topics/${other}`,
  `/v1/health/..%2Ftopics%2F${other}`,
  `/v1/health/live/../../topics/${other}`,
  `/v1/health;/../topics/${other}`,
  `/docs/../v1/topics/${other}`,
  `http://example.org/v1/topics/${other}`,
  `http://example.org/v1/health/../topics/${other}`,
]

describe.each(Object.keys(carriers))("through %s", (carrier) => {
  const lists: AclBinding[] = []
  let way: Carried
  let secretId: string

  beforeAll(async () => {
    const open = carriers[carrier]
    if (open === undefined) throw new Error(`no carrier ${carrier}`)
    way = await open(gateOf(lists))
    for (const topic of ["orders", "secret"]) {
      const records = `/v1/topics/${topic}/partitions/0/records`
      expect((await way.send("PUT", `/v1/topics/${topic}`, root)).status).toBe(201)
      expect((await way.send("POST", records, root, `{"records":[{"value":"of ${topic}"}]}`)).status).toBe(200)
    }
    secretId = JSON.parse((await way.send("GET", "/v1/topics/secret", root)).text).id
    lists.push(...allowing(ALICE, "describe topic orders", "read topic orders", "write topic orders"))
  })
  afterAll(() => way.close())

  const isRefused = ({ status, text }: { readonly status: number; readonly text: string }) =>
    status >= 400 && status < 500 && !text.includes(secretId) && !text.includes("of secret")

  it("no spelling of a path leads past the lists", async () => {
    for (const target of spellings("orders", "secret")) {
      const answer = await way.send("GET", target, alice)
      expect({ target, ...answer, refused: isRefused(answer) }).toMatchObject({ refused: true })
    }
  })

  it("no spelling of a path leads past the gate", async () => {
    for (const target of spellings("orders", "secret")) {
      const answer = await way.send("GET", target)
      expect({ target, ...answer, refused: isRefused(answer) }).toMatchObject({ refused: true })
    }
  })

  it("no spelling of a path of records leads past the lists or the gate, to read or to write", async () => {
    const paths = spellings("orders", "secret").flatMap((path) => {
      const [before = "", search] = path.split("?")
      return [`${before}/partitions/0/records${search === undefined ? "" : `?${search}`}`]
    })
    const more = ["00", "%30", "0/", "+0", "0%00", "0;x"].map((part) => `/v1/topics/secret/partitions/${part}/records`)
    for (const target of [...paths, ...more]) {
      for (const headers of [alice, []]) {
        const read = await way.send("GET", target, headers)
        expect({ target, ...read, refused: isRefused(read) }).toMatchObject({ refused: true })
        const written = await way.send("POST", target, headers, '{"records":[{"value":"forged"}]}')
        expect({ target, ...written, refused: isRefused(written) }).toMatchObject({ refused: true })
      }
    }
    const whole = await way.send("GET", "/v1/topics/secret/partitions/0/records", root)
    expect(JSON.parse(whole.text).records).toHaveLength(1)
  })

  it("another method has the rights of its own", async () => {
    for (const path of ["/v1/topics/secret", "/v1/topics/secret/partitions/0/records"]) {
      expect((await way.send("HEAD", path, alice)).status).toBe(403)
      expect((await way.send("HEAD", path)).status).toBe(401)
      for (const method of ["OPTIONS", "get", "PROPFIND"])
        expect(isRefused(await way.send(method, path)) || method === "OPTIONS").toBe(true)
      const options = await way.send("OPTIONS", path)
      expect(options.text).toBe("")
    }
    for (const header of ["X-HTTP-Method-Override", "X-HTTP-Method", "X-Method-Override"]) {
      const answer = await way.send("GET", "/v1/topics/orders", [...alice, header, "DELETE"])
      expect(answer.status).toBe(200)
      expect((await way.send("POST", "/v1/topics/orders/records?_method=DELETE", alice, "{}")).status).toBe(400)
    }
    expect((await way.send("GET", "/v1/topics/orders", root)).status).toBe(200)
  })

  it("a key counts in one place alone, and once", async () => {
    const paths = ["/v1/topics/orders", "/v1/topics/orders/partitions/0/records"]
    const key = keys.alice
    for (const path of paths) {
      expect((await way.send("GET", path, alice)).status).toBe(200)
      expect((await way.send("GET", path, ["aUTHORIZATION", `bEARER   ${key}  `])).status).toBe(200)
      const elsewhere: [string, string[]][] = [
        [`${path}?api_key=${key}`, []],
        [`${path}?access_token=${key}`, []],
        [`${path}?authorization=Bearer%20${key}`, []],
        [path, ["Cookie", `authorization=Bearer ${key}`]],
        [path, ["X-Api-Key", key]],
        [path, ["Proxy-Authorization", `Bearer ${key}`]],
        [path, ["X-Forwarded-Authorization", `Bearer ${key}`]],
        [path, ["X-Amzn-Remapped-Authorization", `Bearer ${key}`]],
        [path, ["Authorization", `Basic ${btoa(`${key}:`)}`]],
        [path, ["Authorization", `Bearer\t${key}`]],
        [path, ["Authorization", `Bearer ${key},`]],
        [path, ["Authorization", `Bearer ${key} ${key}`]],
        [path, ["Authorization", `Bearer ${key};`]],
        [path, ["Authorization", key]],
      ]
      for (const [target, headers] of elsewhere) {
        expect([target, headers, (await way.send("GET", target, headers)).status]).toEqual([target, headers, 401])
      }
      for (const two of [
        [...alice, ...root],
        [...root, ...alice],
        [...alice, ...alice],
        [...alice, "authorization", "Bearer x"],
      ]) {
        expect([400, 401]).toContain((await way.send("GET", path, two)).status)
      }
    }
    const body = JSON.stringify({ records: [{ value: 1 }], apiKey: key, authorization: `Bearer ${key}` })
    expect((await way.send("POST", paths[1] ?? "", [], body)).status).toBe(401)
  })

  it("what proxies say of a caller means nothing", async () => {
    const said = [
      ["X-Forwarded-User", "User:root"],
      ["X-Forwarded-For", "127.0.0.1"],
      ["X-Forwarded-Host", "localhost"],
      ["X-Original-URL", "/v1/health"],
      ["X-Rewrite-URL", "/v1/health"],
      ["X-Forwarded-Prefix", "/v1/health/.."],
      ["X-Amzn-Iam-User", "arn:aws:iam::123456789012:root"],
      ["X-Amz-Security-Token", "x"],
      ["X-Amz-Date", "20261127T000000Z"],
      ["Forwarded", "for=127.0.0.1;host=localhost"],
      ["X-Stratalog-Principal", "User:root"],
    ]
    for (const header of said) {
      expect([header, (await way.send("GET", "/v1/topics/secret", header)).status]).toEqual([header, 401])
      expect([header, (await way.send("GET", "/v1/topics/secret", [...alice, ...header])).status]).toEqual([
        header,
        403,
      ])
    }
  })
})
