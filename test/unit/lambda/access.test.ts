/** Who is let in by the functions behind each front door, in each mode that a deployment may choose. */
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { formatKey, makeKey } from "../../../functions/access/key-format.ts"
import type { AccessStore } from "../../../functions/access/ports.ts"
import { hasHash, secretHash, unguessable } from "../../../functions/codecs/key-secret.ts"
import { allEndpoints } from "../../../functions/http/endpoints/all.ts"
import { type AccessChoice, gateOf } from "../../../functions/lambda/gates.ts"
import { gatewayHandler } from "../../../functions/lambda/gateway-handler.ts"
import { lambdaLimits } from "../../../functions/lambda/limits.ts"
import { type DoorKind, type DoorOptions, doorOf } from "../../fakes/front-doors/doors.ts"
import { type Gateway, startGateway } from "../../fakes/gateway.ts"
import { openHttpApi } from "../../fakes/http-api.ts"
import { createMemoryAccessStore } from "../../fakes/memory-access-store.ts"
import { storedKey } from "../../fakes/stored-key.ts"

const clock = { now: () => 1_763_600_000_000 }
const ROLE = "IAM:arn:aws:iam::123456789012:role/orders"
const SIGNED = { authorization: "AWS4-HMAC-SHA256 Credential=AKIA/20261127/us-east-1/execute-api/aws4_request" }

const kinds: readonly DoorKind[] = ["http-api", "function-url", "rest-api"]

let service: ReturnType<typeof openHttpApi>
let store: AccessStore
const open: Gateway[] = []

beforeEach(() => {
  service = openHttpApi({ limits: lambdaLimits })
  store = createMemoryAccessStore()
})
afterEach(async () => {
  for (const gateway of open.splice(0)) await gateway.close()
  await service.dispose()
})

async function start(kind: DoorKind, choice: Partial<AccessChoice>, door: DoorOptions = {}): Promise<string> {
  const whole: AccessChoice = { auth: "iam", iamPrincipals: "super", superUsers: new Set(), ...choice }
  const known = { keys: store, bindings: store, hasHash, clock }
  const handler = gatewayHandler(service.deps, {
    endpointsOf: allEndpoints,
    pages: [],
    corsOrigins: [],
    gateOf: gateOf(whole, known),
  })
  const gateway = await startGateway(doorOf(kind, handler, door))
  open.push(gateway)
  return gateway.url
}

function keyOf(principal: string, superUser = false): string {
  const key = makeKey(unguessable(10), unguessable(32))
  store.createKey(storedKey(key.id, { secretHash: secretHash(key.secret), principal, superUser }))
  return formatKey(key)
}

function allow(principal: string, operation: "read" | "write" | "create", resourceName: string): void {
  const topic = { resourceType: "topic", patternType: "literal", resourceName } as const
  store.addBindings([{ principal, permission: "allow", operation, ...topic }])
}

const bearer = (key: string) => ({ authorization: `Bearer ${key}` })

async function putTopic(url: string, name: string, headers: Readonly<Record<string, string>> = {}) {
  const response = await fetch(`${url}/v1/topics/${name}`, { method: "PUT", headers })
  const body: unknown = await response.json()
  return [response.status, typeof body === "object" && body !== null && "code" in body ? body.code : undefined]
}

const FORGED: Readonly<Record<string, string>> = {
  "x-amzn-iam-user-arn": "arn:aws:iam::123456789012:root",
  "x-amz-security-token": "token",
  "x-stratalog-principal": "User:admin",
  "x-forwarded-user": "admin",
}

describe.each(kinds)("behind %s that checks signatures", (kind) => {
  const signed = { signed: true }

  it("whoever it lets through may do everything", async () => {
    const url = await start(kind, { auth: "iam" }, signed)
    expect(await putTopic(url, "orders", SIGNED)).toEqual([201, undefined])
  })

  it("whoever it lets through may do what the lists allow a role, where they are to", async () => {
    const url = await start(kind, { auth: "iam", iamPrincipals: "acl" }, signed)
    expect(await putTopic(url, "orders", SIGNED)).toEqual([403, "not_authorized"])
    allow(ROLE, "create", "orders")
    expect(await putTopic(url, "orders", SIGNED)).toEqual([201, undefined])
    expect(await putTopic(url, "others", SIGNED)).toEqual([403, "not_authorized"])
  })

  it("a role may be a super-user, and so may one user among others", async () => {
    const superUsers = new Set([ROLE, "IAM:arn:aws:iam::123456789012:user/ops/alice"])
    const choice = { auth: "iam", iamPrincipals: "acl", superUsers } as const
    expect(await putTopic(await start(kind, choice, signed), "one", SIGNED)).toEqual([201, undefined])
    const as = (signer: string) => start(kind, choice, { ...signed, signer })
    expect(await putTopic(await as("arn:aws:iam::123456789012:user/ops/alice"), "two", SIGNED)).toEqual([
      201,
      undefined,
    ])
    for (const other of ["user/alice", "user/ops/alic", "user/ops/alice2", "root"]) {
      const url = await as(`arn:aws:iam::123456789012:${other}`)
      expect(await putTopic(url, "three", SIGNED), other).toEqual([403, "not_authorized"])
    }
    const elsewhere = await as("arn:aws:sts::999999999999:assumed-role/orders/session")
    expect(await putTopic(elsewhere, "three", SIGNED)).toEqual([403, "not_authorized"])
  })

  it("nobody is let in whom it does not name, whatever they send: should it be open by mistake", async () => {
    const url = await start(kind, { auth: "iam" }, {})
    for (const headers of [{}, SIGNED, FORGED, { ...SIGNED, ...FORGED }, bearer(keyOf("User:admin", true))]) {
      expect(await putTopic(url, "orders", headers), JSON.stringify(headers)).toEqual([401, "unauthenticated"])
    }
    const odd = await start(kind, { auth: "iam" }, { ...signed, signer: "arn:aws:iam::123456789012:something" })
    expect(await putTopic(odd, "orders", SIGNED)).toEqual([401, "unauthenticated"])
  })
})

describe.each(kinds)("behind %s that is open to keys", (kind) => {
  it("keys say who calls, and lists what they may do", async () => {
    const url = await start(kind, { auth: "key" })
    const key = keyOf("User:alice")
    expect(await putTopic(url, "orders", bearer(key))).toEqual([403, "not_authorized"])
    allow("User:alice", "create", "orders")
    expect(await putTopic(url, "orders", bearer(key))).toEqual([201, undefined])
    expect(await putTopic(url, "all", bearer(keyOf("User:admin", true)))).toEqual([201, undefined])
  })

  it("a principal may be a super-user whatever its key says", async () => {
    const url = await start(kind, { auth: "key", superUsers: new Set(["User:ops"]) })
    expect(await putTopic(url, "orders", bearer(keyOf("User:ops")))).toEqual([201, undefined])
    expect(await putTopic(url, "others", bearer(keyOf("User:ops2")))).toEqual([403, "not_authorized"])
  })

  it("nobody gets in without one", async () => {
    const url = await start(kind, { auth: "key" })
    const [unknown] = [formatKey(makeKey(unguessable(10), unguessable(32)))]
    for (const headers of [{}, SIGNED, FORGED, bearer(unknown), { ...bearer(unknown), ...FORGED }]) {
      expect(await putTopic(url, "orders", headers), JSON.stringify(headers)).toEqual([401, "unauthenticated"])
    }
  })

  it("a signature is none, even where the door names who signed", async () => {
    const url = await start(kind, { auth: "key" }, { signed: true })
    expect(await putTopic(url, "orders", SIGNED)).toEqual([401, "unauthenticated"])
  })

  it("limits, health and paths that lead nowhere say what they say to everybody", async () => {
    const url = await start(kind, { auth: "key" })
    const statusOf = async (path: string, method = "GET") => (await fetch(`${url}${path}`, { method })).status
    expect(await statusOf("/v1/health/live")).toBe(200)
    expect(await statusOf("/v1/topics")).toBe(401)
    expect(await statusOf("/v1/topics", "DELETE")).toBe(405)
  })
})

describe.each(["http-api", "rest-api"] as const)("behind %s with two doors", (kind) => {
  it("the one for signatures takes them, and the open one keys alone", async () => {
    const signatures = await start(kind, { auth: "both" }, { signed: true })
    const keys = await start(kind, { auth: "both" })
    const key = keyOf("User:alice")
    allow("User:alice", "create", "orders")
    expect(await putTopic(signatures, "all", SIGNED)).toEqual([201, undefined])
    expect(await putTopic(keys, "orders", bearer(key))).toEqual([201, undefined])
    for (const headers of [{}, SIGNED, { ...SIGNED, ...FORGED }]) {
      expect(await putTopic(keys, "others", headers), JSON.stringify(headers)).toEqual([401, "unauthenticated"])
    }
  })

  it("each of many requests at once is taken for its own sender's", async () => {
    const signatures = await start(kind, { auth: "both", iamPrincipals: "acl" }, { signed: true })
    const keys = await start(kind, { auth: "both" })
    const key = keyOf("User:alice")
    const each = await Promise.all(
      Array.from({ length: 30 }, async (_, at) => {
        if (at % 3 === 0) return putTopic(signatures, `t${at}`, SIGNED)
        return at % 3 === 1 ? putTopic(keys, `t${at}`, bearer(key)) : putTopic(keys, `t${at}`, SIGNED)
      }),
    )
    expect(each.map(([status]) => status)).toEqual(Array.from({ length: 30 }, (_, at) => (at % 3 === 2 ? 401 : 403)))
  })
})

describe("where nobody is asked", () => {
  it("everybody may do everything", async () => {
    expect(await putTopic(await start("http-api", { auth: "none" }), "orders")).toEqual([201, undefined])
  })
})

describe("where storage fails", () => {
  it("nobody is taken for somebody: they may try again", async () => {
    const failing = { kind: "unavailable", reason: "storage_failed", sideEffects: "none", detail: "gone" } as const
    store = { ...store, findKey: () => failing, bindings: () => failing }
    const key = formatKey(makeKey(unguessable(10), unguessable(32)))
    expect(await putTopic(await start("http-api", { auth: "key" }), "orders", bearer(key))).toEqual([
      503,
      "unavailable",
    ])
    const lists = await start("http-api", { auth: "iam", iamPrincipals: "acl" }, { signed: true })
    expect(await putTopic(lists, "orders", SIGNED)).toEqual([503, "unavailable"])
  })
})
