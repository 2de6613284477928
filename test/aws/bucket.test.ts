import { afterAll, expect, it } from "vitest"
import { checkBucket, createBucket } from "../../functions/storage/aws/s3/bucket.ts"
import { startFaultyS3 } from "./faulty-s3.ts"
import { s3ClientFor, startS3ForTests, temporaryBucket } from "./s3.ts"

const s3 = await startS3ForTests()
const proxy = await startFaultyS3(s3.endpoint)
const faulty = s3ClientFor(proxy.endpoint)
afterAll(async () => {
  faulty.destroy()
  await proxy.stop()
  await s3.stop()
})

it("is made once, and found usable", async () => {
  const { client, bucket, dispose } = await temporaryBucket(s3.endpoint)
  expect(await createBucket(client, bucket)).toEqual({ kind: "usable" })
  expect(await checkBucket(client, bucket)).toEqual({ kind: "usable" })
  await dispose()
})

it("is named in the path where an endpoint is given, as names below it resolve nowhere", async () => {
  const { bucket, dispose } = await temporaryBucket(s3.endpoint)
  const byName = s3ClientFor(proxy.endpoint.replace("127.0.0.1", "localhost"))
  expect(await checkBucket(byName, bucket)).toEqual({ kind: "usable" })
  byName.destroy()
  await dispose()
})

it("is refused with a sentence where it is missing, another's, or not to be used", async () => {
  const unusable = (detail: string) => ({ kind: "unusable", detail: expect.stringContaining(detail) })
  expect(await checkBucket(faulty, "none-of-this-name")).toEqual(unusable("none-of-this-name does not exist"))
  proxy.script({ kind: "refuse", code: "AccessDenied" })
  expect(await checkBucket(faulty, "theirs")).toEqual(unusable("may not use the bucket theirs"))
  proxy.script({ kind: "refuse", code: "BucketAlreadyExists" })
  expect(await createBucket(faulty, "theirs")).toEqual(unusable("the bucket theirs is somebody else's"))
  proxy.script({ kind: "refuse", code: "AccessDenied" })
  expect(await createBucket(faulty, "mine")).toEqual(unusable("make bucket mine"))
})
