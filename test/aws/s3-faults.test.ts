// The real client against failures of S3 and of the way to it: each outcome tells the truth, and nothing waits for ever.
import { createServer } from "node:net"
import { afterAll, describe, expect, it } from "vitest"
import { ATTEMPT_LIMITS } from "../../functions/storage/aws/s3/attempts.ts"
import { createS3ObjectStore } from "../../functions/storage/aws/s3/object-store.ts"
import { type S3Fault, startFaultyS3 } from "./faulty-s3.ts"
import { s3ClientFor, startS3ForTests, temporaryBucket } from "./s3.ts"

const s3 = await startS3ForTests()
const { client: direct, bucket, dispose } = await temporaryBucket(s3.endpoint)
const proxy = await startFaultyS3(s3.endpoint)
const client = s3ClientFor(proxy.endpoint)
afterAll(async () => {
  client.destroy()
  await proxy.stop()
  await dispose()
  await s3.stop()
})

const limits = { ...ATTEMPT_LIMITS, attempts: 3, pauseMs: 1, attemptMsPerMiB: 0 }
/** For faults that end by the time-out. */
const hurried = { ...limits, attemptMs: 300 }
const store = createS3ObjectStore({ client, bucket, limits })
const hurriedStore = createS3ObjectStore({ client, bucket, limits: hurried })
const stored = createS3ObjectStore({ client: direct, bucket })

const bytes = new Uint8Array(100_000).map((_, index) => index % 251)
const object = { kind: "object", bytes }
const times = (count: number, fault: S3Fault) => Array.from({ length: count }, () => fault)

let made = 0
function newKey(): string {
  made += 1
  return `t/${made}`
}

/** Runs the work with these faults, all of which have to strike, and answers how many requests it took. */
async function meeting<Outcome>(faults: readonly S3Fault[], work: () => Promise<Outcome>): Promise<[Outcome, number]> {
  proxy.script(...faults)
  const outcome = await work()
  expect(proxy.left).toBe(0)
  return [outcome, proxy.requests]
}

describe(`a put, on ${s3.name}`, () => {
  const put = (key: string, faults: readonly S3Fault[], on = store) => meeting(faults, () => on.put(key, [bytes]))

  it.each<[string, S3Fault]>([
    ["503 SlowDown", { kind: "refuse", code: "SlowDown" }],
    ["409 OperationAborted", { kind: "refuse", code: "OperationAborted" }],
    ["500 InternalError", { kind: "refuse", code: "InternalError" }],
    ["a clock that is wrong", { kind: "refuse", code: "RequestTimeTooSkewed" }],
    ["bytes that changed on the way", { kind: "refuse", code: "BadDigest" }],
    ["a connection that breaks", { kind: "break" }],
    ["a lost answer", { kind: "lose" }],
  ])("is repeated after %s", async (_name, fault) => {
    const key = newKey()
    expect(await put(key, [fault, fault])).toEqual([{ kind: "stored" }, 3])
    expect(await stored.get(key)).toEqual(object)
  })

  it("is repeated when no answer comes", async () => {
    const key = newKey()
    const faults: S3Fault[] = [
      { kind: "stall", arrives: false },
      { kind: "stall", arrives: true },
    ]
    expect(await put(key, faults, hurriedStore)).toEqual([{ kind: "stored" }, 3])
    expect(await stored.get(key)).toEqual(object)
  })

  it("did nothing and is throttled where S3 asks to slow down each time", async () => {
    const key = newKey()
    const [outcome, requests] = await put(key, times(3, { kind: "refuse", code: "SlowDown" }))
    expect(outcome).toMatchObject({ kind: "unavailable", reason: "throttled", sideEffects: "none" })
    expect(outcome).toHaveProperty("detail", expect.stringContaining(`put ${key} into bucket ${bucket}`))
    expect(requests).toBe(3)
    expect(await stored.get(key)).toEqual({ kind: "missing" })
  })

  it("did nothing where another write goes on each time", async () => {
    const [outcome] = await put(newKey(), times(3, { kind: "refuse", code: "OperationAborted" }))
    expect(outcome).toMatchObject({ kind: "unavailable", reason: "storage_failed", sideEffects: "none" })
  })

  it.each<[string, S3Fault]>([
    ["each answer is lost", { kind: "lose" }],
    ["each connection breaks", { kind: "break" }],
    ["each attempt meets an internal error", { kind: "refuse", code: "InternalError" }],
  ])("has an unknown effect where %s", async (_name, fault) => {
    const [outcome] = await put(newKey(), times(3, fault))
    expect(outcome).toMatchObject({ kind: "unavailable", reason: "storage_failed", sideEffects: "unknown" })
  })

  it("has an unknown effect where no attempt is answered in time", async () => {
    const [outcome] = await put(newKey(), times(3, { kind: "stall", arrives: false }), hurriedStore)
    expect(outcome).toMatchObject({ reason: "storage_failed", sideEffects: "unknown" })
    expect(outcome).toHaveProperty("detail", expect.stringContaining("no whole answer in 300 ms"))
  })

  it("has an unknown effect where one answer was lost, though the last attempts are refused", async () => {
    const key = newKey()
    const [outcome] = await put(key, [{ kind: "lose" }, ...times(2, { kind: "refuse", code: "SlowDown" })])
    expect(outcome).toMatchObject({ reason: "throttled", sideEffects: "unknown" })
    expect(await stored.get(key)).toEqual(object)
  })

  it("did nothing and is not repeated where it is not allowed", async () => {
    const [outcome, requests] = await put(newKey(), [{ kind: "refuse", code: "AccessDenied" }])
    expect(outcome).toMatchObject({ kind: "unavailable", reason: "storage_failed", sideEffects: "none" })
    expect(requests).toBe(1)
  })

  it("did nothing and says so where there is no such bucket", async () => {
    const outcome = await createS3ObjectStore({ client, bucket: `none-${bucket}` }).put("t/a", [bytes])
    expect(outcome).toMatchObject({ kind: "unavailable", reason: "storage_failed", sideEffects: "none" })
    expect(outcome).toHaveProperty("detail", expect.stringContaining("the bucket does not exist"))
  })

  it("did nothing where nobody listens", async () => {
    const nobody = s3ClientFor(`http://127.0.0.1:${await freePort()}`)
    const outcome = await createS3ObjectStore({ client: nobody, bucket, limits }).put("t/a", [bytes])
    expect(outcome).toMatchObject({ kind: "unavailable", reason: "storage_failed", sideEffects: "none" })
  })

  it("never stores bytes that changed on the way", async () => {
    const key = newKey()
    await put(key, times(1, { kind: "flip", body: "request" }))
    expect([object, { kind: "missing" }]).toContainEqual(await stored.get(key))
  })
})

describe(`a get, on ${s3.name}`, () => {
  it.each<[string, S3Fault]>([
    ["503 SlowDown", { kind: "refuse", code: "SlowDown" }],
    ["a connection that breaks before the answer", { kind: "lose" }],
    ["a connection that breaks within the answer", { kind: "cut" }],
    ["a bit that turned on the way", { kind: "flip", body: "answer" }],
  ])("is repeated after %s", async (_name, fault) => {
    const key = newKey()
    await stored.put(key, [bytes])
    expect(await meeting([fault, fault], () => store.get(key))).toEqual([object, 3])
  })

  it("is repeated when nothing comes any more within the answer", async () => {
    const key = newKey()
    await stored.put(key, [bytes])
    const range = { start: 10, end: 90_000 }
    const [outcome] = await meeting(times(2, { kind: "stall_body" }), () => hurriedStore.get(key, range))
    expect(outcome).toEqual({ kind: "object", bytes: bytes.subarray(10, 90_000) })
  })

  it.each<[string, S3Fault, string]>([
    ["S3 asks to slow down", { kind: "refuse", code: "SlowDown" }, "throttled"],
    ["no answer comes whole", { kind: "cut" }, "storage_failed"],
  ])("fails without an effect where %s each time", async (_name, fault, reason) => {
    const key = newKey()
    await stored.put(key, [bytes])
    const [outcome, requests] = await meeting(times(3, fault), () => store.get(key))
    expect(outcome).toMatchObject({ kind: "unavailable", reason, sideEffects: "none" })
    expect(requests).toBe(3)
  })

  it("does not take a refusal for an object that is missing", async () => {
    const [outcome] = await meeting([{ kind: "refuse", code: "AccessDenied" }], () => store.get("t/none"))
    expect(outcome).toMatchObject({ kind: "unavailable", sideEffects: "none" })
    const nowhere = await createS3ObjectStore({ client, bucket: `none-${bucket}` }).get("t/none")
    expect(nowhere).toMatchObject({ kind: "unavailable", sideEffects: "none" })
  })
})

describe(`a removal, on ${s3.name}`, () => {
  it("is repeated where S3 kept a key", async () => {
    const key = newKey()
    await stored.put(key, [bytes])
    const faults = times(2, { kind: "keep", code: "InternalError" })
    expect(await meeting(faults, () => store.remove([key]))).toEqual([{ kind: "removed" }, 3])
    expect(await stored.get(key)).toEqual({ kind: "missing" })
  })

  it("has an unknown effect where S3 keeps a key, as the others are gone", async () => {
    const [outcome, requests] = await meeting(times(1, { kind: "keep", code: "AccessDenied" }), () =>
      store.remove(["k"]),
    )
    expect(outcome).toMatchObject({ kind: "unavailable", sideEffects: "unknown" })
    expect(requests).toBe(1)
  })
})

describe(`a list, on ${s3.name}`, () => {
  it("is repeated where its answer breaks off", async () => {
    const key = `${newKey()}/listed`
    await stored.put(key, [bytes])
    const [outcome] = await meeting(times(2, { kind: "cut" }), () => store.list({ prefix: key, limit: 10 }))
    expect(outcome).toMatchObject({ kind: "page", objects: [{ key, size: bytes.length }] })
  })
})

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === "string") throw new Error("no port")
  return address.port
}
