/** What a bucket with versions still has of objects that were deleted or written over. */
import {
  CopyObjectCommand,
  DeleteObjectsCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsCommandOutput,
  type S3Client,
} from "@aws-sdk/client-s3"
import type { HistoriesOutcome, ObjectHistories, ObjectHistory, StoredVersion } from "../../../restore/ports.ts"
import { ATTEMPT_LIMITS, type AttemptLimits, attemptAgain } from "./attempts.ts"
import { errorOfKey } from "./failures.ts"

export interface ObjectHistoriesOptions {
  /** Of `createS3Client`: one attempt a call. */
  readonly client: S3Client
  readonly bucket: string
  /** Where objects are wanted; the same bucket, or another one. */
  readonly target: string
  readonly limits?: AttemptLimits
}

/** S3 takes no more in one request. */
const MOST_KEYS = 1_000
/** S3 copies by itself; a segment takes a moment. */
const COPIED_BYTES = 64 * 2 ** 20

export function createObjectHistories(options: ObjectHistoriesOptions): ObjectHistories {
  const { client, bucket, target, limits = ATTEMPT_LIMITS } = options
  return {
    list: (prefix) => list(options, prefix),
    removeMarkers: async (key, markers) => {
      for (let at = 0; at < markers.length; at += MOST_KEYS) {
        const Objects = markers.slice(at, at + MOST_KEYS).map((VersionId) => ({ Key: key, VersionId }))
        const outcome = await attemptAgain(limits, {
          action: `remove the delete markers of ${key} from bucket ${bucket}`,
          bytes: 0,
          attempt: async (abortSignal) => {
            const command = new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } })
            const { Errors: errors = [] } = await client.send(command, { abortSignal })
            // Somebody else who brings objects back may have been here.
            const first = errors.find(({ Code }) => Code !== "NoSuchVersion")
            if (first === undefined) return { kind: "removed" as const }
            throw errorOfKey(first)
          },
        })
        if (outcome.kind === "unavailable") return outcome
      }
      return { kind: "removed" }
    },
    copy: (key, version) =>
      attemptAgain(limits, {
        action: `copy version ${version} of ${key} from bucket ${bucket} to bucket ${target}`,
        bytes: COPIED_BYTES,
        attempt: async (abortSignal) => {
          const CopySource = `${bucket}/${key}?versionId=${encodeURIComponent(version)}`
          // Objects have no metadata of ours; S3 copies one to its own key only where they are written anew.
          const request = { Bucket: target, Key: key, CopySource, MetadataDirective: "REPLACE" as const }
          await client.send(new CopyObjectCommand(request), { abortSignal })
          return { kind: "copied" as const }
        },
      }),
  }
}

interface Gathered extends ObjectHistory {
  readonly versions: StoredVersion[]
  readonly markers: string[]
  isDeleted: boolean
}

async function list(
  { client, bucket, limits = ATTEMPT_LIMITS }: ObjectHistoriesOptions,
  prefix: string,
): Promise<HistoriesOutcome> {
  const byKey = new Map<string, Gathered>()
  let from: Pick<ListObjectVersionsCommandOutput, "NextKeyMarker" | "NextVersionIdMarker"> = {}
  for (;;) {
    const { NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker } = from
    const outcome = await attemptAgain(limits, {
      action: `list versions of ${prefix} in bucket ${bucket}`,
      bytes: 0,
      attempt: async (abortSignal) => {
        const request = { Bucket: bucket, Prefix: prefix, KeyMarker, VersionIdMarker }
        return {
          kind: "page" as const,
          page: await client.send(new ListObjectVersionsCommand(request), { abortSignal }),
        }
      },
    })
    if (outcome.kind === "unavailable") return { ...outcome, sideEffects: "none" }
    gather(byKey, outcome.page)
    if (outcome.page.IsTruncated !== true || outcome.page.NextKeyMarker === undefined)
      return { kind: "histories", byKey }
    from = outcome.page
  }
}

/** S3 lists the versions of a key from the newest to the oldest. */
function gather(
  byKey: Map<string, Gathered>,
  { Versions = [], DeleteMarkers = [] }: ListObjectVersionsCommandOutput,
): void {
  const of = (key: string): Gathered => {
    const known = byKey.get(key) ?? { versions: [], markers: [], isDeleted: false }
    byKey.set(key, known)
    return known
  }
  for (const { Key: key = "", VersionId: id = "", Size: size = 0 } of Versions) of(key).versions.push({ id, size })
  for (const { Key: key = "", VersionId: id = "", IsLatest: isLatest } of DeleteMarkers) {
    const history = of(key)
    history.markers.push(id)
    history.isDeleted ||= isLatest === true
  }
}
