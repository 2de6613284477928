/** Objects in one S3 bucket. Contract suite: test/contract/object-store.ts. */
import {
  DeleteObjectsCommand,
  type DeleteObjectsCommandOutput,
  GetObjectCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3"
import type {
  ByteRange,
  GetObjectOutcome,
  ListObjectsOutcome,
  ObjectStore,
  PutObjectOutcome,
  RemoveObjectsOutcome,
} from "../../../segments/ports.ts"
import { ATTEMPT_LIMITS, type AttemptLimits, attemptAgain } from "./attempts.ts"
import { bodyOf } from "./body.ts"
import { errorOfKey } from "./failures.ts"

export interface S3ObjectStoreOptions {
  /** Of `createS3Client`: one attempt a call. */
  readonly client: S3Client
  readonly bucket: string
  readonly limits?: AttemptLimits
}

/** S3 takes no more in one request. */
const MOST_KEYS = 1_000

/** What a whole object may take: the size of the largest segment. */
const LARGEST_OBJECT_BYTES = 64 * 2 ** 20

type Succeeded<Outcome> = Exclude<Outcome, { readonly kind: "unavailable" }>

export function createS3ObjectStore({ client, bucket, limits = ATTEMPT_LIMITS }: S3ObjectStoreOptions): ObjectStore {
  return {
    put: (key, parts) => {
      const body = bodyOf(parts)
      return attemptAgain<Succeeded<PutObjectOutcome>>(limits, {
        action: `put ${key} into bucket ${bucket}`,
        bytes: body.bytes,
        attempt: async (abortSignal) => {
          const content = { Body: body.open(), ContentLength: body.bytes, ChecksumCRC32: body.checksum }
          await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, ...content }), { abortSignal })
          return { kind: "stored" }
        },
      })
    },

    get: async (key, range) => {
      const outcome = await attemptAgain<Succeeded<GetObjectOutcome>>(limits, {
        action: `get ${key} from bucket ${bucket}`,
        bytes: range === undefined ? LARGEST_OBJECT_BYTES : range.end - range.start,
        attempt: (abortSignal) => getOnce(client, bucket, key, range, abortSignal),
      })
      return withoutEffect(outcome)
    },

    remove: async (keys) => {
      if (keys.length === 0) return { kind: "removed" }
      if (keys.length > MOST_KEYS) throw new RangeError(`${keys.length} keys in one call, ${MOST_KEYS} at most`)
      let some = false
      const outcome = await attemptAgain<Succeeded<RemoveObjectsOutcome>>(limits, {
        action: `remove ${keys.length} objects from bucket ${bucket}`,
        bytes: 0,
        attempt: async (abortSignal) => {
          const Delete = { Objects: keys.map((Key) => ({ Key })), Quiet: true }
          const answer = await client.send(new DeleteObjectsCommand({ Bucket: bucket, Delete }), { abortSignal })
          some = true
          return removed(answer)
        },
      })
      return outcome.kind === "unavailable" && some ? { ...outcome, sideEffects: "unknown" } : outcome
    },

    list: async ({ prefix, after, limit }) => {
      const outcome = await attemptAgain<Succeeded<ListObjectsOutcome>>(limits, {
        action: `list ${prefix} in bucket ${bucket}`,
        bytes: 0,
        attempt: async (abortSignal) => {
          const request = { Bucket: bucket, Prefix: prefix, StartAfter: after, MaxKeys: Math.min(limit, MOST_KEYS) }
          return listed(await client.send(new ListObjectsV2Command(request), { abortSignal }))
        },
      })
      return withoutEffect(outcome)
    },
  }
}

async function getOnce(
  client: S3Client,
  bucket: string,
  key: string,
  range: ByteRange | undefined,
  abortSignal: AbortSignal,
): Promise<Succeeded<GetObjectOutcome>> {
  const Range = range && `bytes=${range.start}-${range.end - 1}`
  try {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key, Range }), { abortSignal })
    return { kind: "object", bytes: (await Body?.transformToByteArray()) ?? new Uint8Array() }
  } catch (error) {
    if (error instanceof Error && error.name === "NoSuchKey") return { kind: "missing" }
    // The object ends before the range begins.
    if (error instanceof Error && error.name === "InvalidRange") return { kind: "object", bytes: new Uint8Array() }
    throw error
  }
}

/** A good answer may tell of keys that could not be removed; all are tried again together. */
function removed({ Errors: [first] = [] }: DeleteObjectsCommandOutput): Succeeded<RemoveObjectsOutcome> {
  if (first === undefined) return { kind: "removed" }
  throw errorOfKey(first)
}

function listed({ Contents = [], IsTruncated }: ListObjectsV2CommandOutput): Succeeded<ListObjectsOutcome> {
  const objects = Contents.map(({ Key = "", Size = 0, LastModified }) => {
    return { key: Key, size: Size, storedAt: LastModified?.getTime() ?? 0 }
  })
  const last = objects.at(-1)
  return { kind: "page", objects, ...(IsTruncated === true && last !== undefined ? { next: last.key } : {}) }
}

/** A read does nothing, whatever becomes of it. */
function withoutEffect<Outcome extends GetObjectOutcome | ListObjectsOutcome>(outcome: Outcome): Outcome {
  return outcome.kind === "unavailable" ? { ...outcome, sideEffects: "none" } : outcome
}
