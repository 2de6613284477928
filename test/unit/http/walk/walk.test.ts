/** Every route of the API document x every kind of principal. */
import { routes } from "stratalog/protocol"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { AclBinding } from "../../../../functions/access/acl.ts"
import { EXAMPLE_TIME, EXAMPLE_TOPIC_ID, type Example } from "../../../../functions/http/openapi/examples.ts"
import { accessControl } from "../../../fakes/access-control.ts"
import { type HttpApi, openHttpApi } from "../../../fakes/http-api.ts"
import { allowing, binding } from "../../../fakes/named-callers.ts"
import { exampleUpkeepRecord } from "./example-upkeep.ts"
import { ALICE, gateOf, keys, strangers } from "./keys.ts"
import { neededFor, pathOf, requestsOf, type Step, shownFor, story } from "./story.ts"

function openService(lists: AclBinding[]) {
  let api: HttpApi
  beforeAll(async () => {
    const access = accessControl({ unguessable: (bytes) => new Uint8Array(bytes).fill(1) })
    api = openHttpApi({ topicIds: { next: () => EXAMPLE_TOPIC_ID }, access }, {}, {}, gateOf(lists))
    api.storage.clock.time = EXAMPLE_TIME
    await api.storage.upkeepRecords.write(exampleUpkeepRecord)
  })
  afterAll(() => {
    expect(api.defects).toEqual([])
    api.dispose()
  })
  return async ({ route }: Step, example: Example, authorization: string | undefined) => {
    const headers = authorization === undefined ? {} : { authorization }
    const json = example.body === undefined ? {} : { json: example.body }
    const response = await api.send(route.method, pathOf(route, example), { headers, ...json })
    const text = await response.text()
    const body = text.startsWith("{") ? JSON.parse(text) : undefined
    return { status: response.status, headers: response.headers, text, body }
  }
}

interface Answered {
  readonly status: number
  readonly headers: Headers
  readonly body: unknown
}

/** What the example says, but of who asks. */
function expectAnswer({ route, example }: Step, answer: Answered): void {
  expect(answer.status).toBe(example.status)
  // It is for this caller: no proxy may keep it for others.
  if (route.method === "GET") expect(answer.headers.get("cache-control")).toMatch(/^(no-store|private, no-cache)$/)
  if (example.answer !== undefined && route.id !== "whoami") expect(answer.body).toEqual(example.answer)
}

const starOf = (permission: string) => permission.replace(/ [^ ]+$/, " *")
const allOf = (permission: string) => permission.replace(/^[^ ]+/, "all")
/** The first two letters of the name, and whatever follows. */
const prefixOf = (permission: string) => permission.replace(/ (..)[^ ]*$/, " $1*")

type Lists = (permissions: readonly string[]) => AclBinding[]

const kinds: readonly [string, string, Lists][] = [
  ["whose lists say that very name", keys.alice, (needed) => allowing(ALICE, ...needed)],
  ["whose lists say a prefix", keys.alice, (needed) => allowing(ALICE, ...needed.map(prefixOf))],
  ["whose lists say all names", keys.alice, (needed) => allowing(ALICE, ...needed.map(starOf))],
  ["whose lists say all operations", keys.alice, (needed) => allowing(ALICE, ...needed.map(allOf))],
  ["who is one of everybody", keys.alice, (needed) => allowing("User:*", ...needed)],
  ["with a super-user's key", keys.root, () => []],
  ["of super.users", keys.listed, () => []],
]

describe.each(kinds)("somebody %s", (_name, key, listsFor) => {
  const lists: AclBinding[] = []
  const send = openService(lists)

  it.each(story.map((step) => [step.route.id, step] as const))("may do %s", async (_id, step) => {
    lists.splice(0, lists.length, ...listsFor([...neededFor(step), ...shownFor(step)]))
    for (const request of requestsOf(step).slice(1)) {
      expect((await send(step, request, `Bearer ${key}`)).status).toBe(request.status)
    }
    expectAnswer(step, await send(step, step.example, `Bearer ${key}`))
  })
})

type Given = [string, AclBinding[]]

/** Whoever may do one of these may describe it, too. */
const DESCRIBES = /^(read|write|delete|alter) /

function without(needed: readonly string[], one: string): readonly string[] {
  const isDescribe = one.startsWith("describe ")
  return needed.filter((each) => each !== one && !(isDescribe && DESCRIBES.test(each)))
}

/** What is not enough, by what it is. `initProducer` takes the right to any topic. */
function notEnough(step: Step): readonly Given[] {
  const needed = neededFor(step)
  const needsAnyName = step.route.id === "initProducer"
  const enough = allowing(ALICE, ...needed)
  const swapped = needed.map((each) =>
    each.replace(/ (topic|group) /, (_, type) => (type === "topic" ? " group " : " topic ")),
  )
  const withDeny = (who: string, text: string): Given => [
    `deny ${text} for ${who}`,
    [binding(who, "deny", text), ...enough],
  ]
  return [
    ["no lists", []],
    ["lists of others", allowing("User:bob", ...needed)],
    ["lists of one whose name begins so", allowing(`${ALICE}2`, ...needed)],
    ...(needsAnyName ? [] : [["lists of other names", allowing(ALICE, ...needed.map((each) => `${each}2`))] as Given]),
    ...(swapped.join() === needed.join() ? [] : [["another type", allowing(ALICE, ...swapped)] as Given]),
    ...needed.flatMap((one): Given[] => [
      [`all but ${one}`, allowing(ALICE, ...without(needed, one))],
      withDeny(ALICE, one),
      withDeny(ALICE, prefixOf(one)),
      withDeny(ALICE, starOf(one)),
      withDeny(ALICE, allOf(one)),
      withDeny("User:*", one),
    ]),
  ]
}

describe("those who may not", () => {
  const lists: AclBinding[] = []
  const send = openService(lists)

  // Each step's answer is the example's own: what was refused before it changed nothing.
  it.each(story.map((step) => [step.route.id, step] as const))("are refused %s", async (_id, step) => {
    const { access } = step.route
    const needed = neededFor(step)
    for (const [who, authorization] of Object.entries(strangers)) {
      const answer = await send(step, step.example, authorization)
      if (access === "open") expect([who, answer.status]).toEqual([who, 200])
      else {
        expect([who, answer.status, answer.body.code]).toEqual([who, 401, "unauthenticated"])
        expect(answer.headers.get("www-authenticate")).toBe('Bearer realm="stratalog"')
      }
    }
    for (const [what, bindings] of access === "open" || access === "known" ? [] : notEnough(step)) {
      lists.splice(0, lists.length, ...bindings)
      const answers = []
      for (const request of requestsOf(step)) answers.push(await send(step, request, `Bearer ${keys.alice}`))
      const refused = answers.filter(({ status }) => status === 403)
      expect([what, refused.length > 0]).toEqual([what, true])
      for (const { body } of refused) {
        expect(body.code).toBe("not_authorized")
        for (const { operation, resourceType } of body.denied) expect(access).toContain(`${operation} ${resourceType}`)
      }
    }
    lists.splice(0, lists.length, ...allowing(ALICE, ...needed, ...shownFor(step)))
    expectAnswer(step, await send(step, step.example, `Bearer ${keys.alice}`))
  })
})

describe("the walk", () => {
  it("comes by every route", () => {
    expect(story.map(({ route }) => route.id).sort()).toEqual(Object.keys(routes).sort())
  })

  it("finds open what is meant to be, and no more", () => {
    const idsWith = (access: string) =>
      Object.values(routes)
        .filter((route) => route.access === access)
        .map(({ id }) => id)
    expect(idsWith("open").sort()).toEqual(["live", "ready"])
    expect(idsWith("known").sort()).toEqual(["limits", "listGroups", "listTopics", "whoami"])
  })
})

describe("a key that is not taken", () => {
  const send = openService([])
  it("is refused with the same words, whatever the reason", async () => {
    const step = story.find(({ route }) => route.id === "limits")
    if (step === undefined) throw new Error("there is a route of limits")
    const texts = []
    for (const key of [keys.unknown, keys.wrongSecret, keys.expired, keys.revoked]) {
      const { text } = await send(step, step.example, `Bearer ${key}`)
      texts.push(text.replaceAll(key.split("_")[1] ?? "", "ID"))
    }
    expect(new Set(texts).size).toBe(1)
  })
})
