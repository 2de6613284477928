/**
 * As much of S3's protocol as `ObjectStore` and `ObjectHistories` need, in memory, for runs that have no S3: ranges, checksums
 * that are compared, lists in the order of keys, versions, errors as S3 words them. The suites that run on it run on
 * LocalStack too.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { buffer } from "node:stream/consumers"
import { crc32 } from "node:zlib"
import { listenOnLoopback } from "./loopback-server.ts"
import { StoredBucket } from "./s3-bucket.ts"
import { S3Error, xml } from "./s3-errors.ts"

export interface StartedS3 {
  /** Such as http://127.0.0.1:40123. */
  readonly endpoint: string
  /** Requests since the start, by their operation in S3. */
  readonly requests: ReadonlyMap<string, number>
  stop(): Promise<void>
}

type Buckets = Map<string, StoredBucket>

interface Request {
  readonly method: string
  readonly headers: IncomingMessage["headers"]
  readonly bucketName: string
  readonly key: string
  readonly query: URLSearchParams
  readonly body: Buffer
}

interface Answer {
  readonly operation: string
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
}

export async function startS3Server(): Promise<StartedS3> {
  const buckets = new Map<string, StoredBucket>()
  const requests = new Map<string, number>()
  const server = createServer((incoming, response) => {
    void answer(buckets, incoming).then((answered) => {
      requests.set(answered.operation, (requests.get(answered.operation) ?? 0) + 1)
      send(response, answered)
    })
  })
  return { ...(await listenOnLoopback(server)), requests }
}

async function answer(buckets: Buckets, incoming: IncomingMessage): Promise<Answer> {
  try {
    return route(buckets, await read(incoming))
  } catch (error) {
    const told = error instanceof S3Error ? error : new S3Error("InternalError", String(error))
    // The answer to a HEAD has no body.
    return { operation: "error", status: told.status, body: incoming.method === "HEAD" ? "" : told.body() }
  }
}

async function read(incoming: IncomingMessage): Promise<Request> {
  const { method = "", url = "/", headers } = incoming
  const { pathname, searchParams } = new URL(url, "http://localhost")
  const [, bucketName = "", ...key] = pathname.split("/").map(decodeURIComponent)
  const body = await buffer(incoming)
  if (!headers.authorization?.startsWith("AWS4-HMAC-SHA256 ")) throw new S3Error("AccessDenied", "not signed")
  if (headers["content-encoding"]?.includes("aws-chunked")) throw new S3Error("NotImplemented", "aws-chunked")
  const checksum = headers["x-amz-checksum-crc32"]
  if (checksum !== undefined && checksum !== checksumOf(body)) throw new S3Error("BadDigest", "CRC32 differs")
  return { method, headers, bucketName, key: key.join("/"), query: searchParams, body }
}

function route(buckets: Buckets, request: Request): Answer {
  const { method, bucketName, key, query } = request
  if (key === "" && method === "PUT" && !query.has("versioning")) return createBucket(buckets, bucketName)
  const bucket = buckets.get(bucketName)
  if (bucket === undefined) throw new S3Error("NoSuchBucket", bucketName)
  if (key === "" && method === "PUT") return putVersioning(bucket, request)
  if (request.headers["x-amz-copy-source"] !== undefined) return copyObject(buckets, bucket, request)
  if (key !== "" && method === "PUT") return putObject(bucket, request)
  if (key !== "" && method === "GET") return getObject(bucket, request)
  if (key === "" && method === "DELETE") return deleteBucket(buckets, bucketName)
  if (key === "" && method === "HEAD") return { operation: "HeadBucket" }
  if (key === "" && method === "POST" && query.has("delete")) return deleteObjects(bucket, request)
  if (key === "" && method === "GET" && query.get("list-type") === "2") return listObjects(bucket, query)
  if (key === "" && method === "GET" && query.has("versions")) return listVersions(bucket, query)
  throw new S3Error("NotImplemented", `${method} ${query}`)
}

function createBucket(buckets: Buckets, name: string): Answer {
  if (buckets.has(name)) throw new S3Error("BucketAlreadyOwnedByYou", name)
  buckets.set(name, new StoredBucket())
  return { operation: "CreateBucket", headers: { location: `/${name}` } }
}

function deleteBucket(buckets: Buckets, name: string): Answer {
  if (buckets.get(name)?.isEmpty !== true) throw new S3Error("BucketNotEmpty", name)
  buckets.delete(name)
  return { operation: "DeleteBucket", status: 204 }
}

function putObject(bucket: StoredBucket, { key, body }: Request): Answer {
  bucket.put(key, body)
  return { operation: "PutObject", headers: { etag: `"${checksumOf(body)}"` } }
}

function putVersioning(bucket: StoredBucket, { body }: Request): Answer {
  bucket.setVersioned(body.toString().includes("<Status>Enabled</Status>"))
  return { operation: "PutBucketVersioning" }
}

function copyObject(buckets: Buckets, bucket: StoredBucket, { key, headers }: Request): Answer {
  const source = new URL(String(headers["x-amz-copy-source"]), "http://localhost/")
  const [, from = "", ...rest] = source.pathname.split("/").map(decodeURIComponent)
  const version = buckets.get(from)?.version(rest.join("/"), source.searchParams.get("versionId") ?? "")
  if (version?.bytes === undefined) throw new S3Error("NoSuchVersion", source.pathname)
  const isItself = buckets.get(from) === bucket && rest.join("/") === key
  if (isItself && headers["x-amz-metadata-directive"] !== "REPLACE") throw new S3Error("InvalidRequest", "to itself")
  bucket.put(key, version.bytes)
  return { operation: "CopyObject", body: xml("CopyObjectResult", `<ETag>"${checksumOf(version.bytes)}"</ETag>`) }
}

function getObject(bucket: StoredBucket, { key, headers }: Request): Answer {
  const stored = bucket.get(key)
  if (stored === undefined) throw new S3Error("NoSuchKey", key)
  const { bytes } = stored
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(headers.range ?? "") ?? []
  if (first === undefined) {
    const wanted = headers["x-amz-checksum-mode"] === "ENABLED"
    const checksum = wanted ? { "x-amz-checksum-crc32": checksumOf(bytes) } : {}
    return { operation: "GetObject", headers: checksum, body: bytes }
  }
  if (Number(first) >= bytes.length) throw new S3Error("InvalidRange", `${bytes.length} bytes`)
  const part = bytes.subarray(Number(first), Number(last) + 1)
  const contentRange = `bytes ${first}-${Number(first) + part.length - 1}/${bytes.length}`
  return { operation: "GetObject", status: 206, headers: { "content-range": contentRange }, body: part }
}

function deleteObjects(bucket: StoredBucket, { body, headers }: Request): Answer {
  const objects = [...body.toString().matchAll(/<Key>([^<]*)<\/Key>(?:<VersionId>([^<]*)<\/VersionId>)?/g)]
  if (objects.length === 0 || objects.length > 1000) throw new S3Error("MalformedXML", `${objects.length} keys`)
  if (headers["x-amz-checksum-crc32"] === undefined) throw new S3Error("InvalidRequest", "no checksum")
  const missing = objects.filter(([, key = "", version]) => {
    if (version !== undefined) return !bucket.deleteVersion(key, version)
    bucket.delete(key)
    return false
  })
  const errors = missing.map(([, key]) => `<Error><Key>${key}</Key><Code>NoSuchVersion</Code></Error>`)
  return { operation: "DeleteObjects", body: xml("DeleteResult", errors.join("")) }
}

function listObjects(bucket: StoredBucket, query: URLSearchParams): Answer {
  const prefix = query.get("prefix") ?? ""
  const after = query.get("start-after") ?? ""
  const most = Math.min(1000, Number(query.get("max-keys") ?? 1000))
  const keys = bucket.keys(prefix).filter((key) => key > after)
  const contents = keys.slice(0, most).map((key) => {
    const stored = bucket.get(key)
    const tags = `<Key>${key}</Key><LastModified>${stored?.storedAt.toISOString()}</LastModified>`
    return `<Contents>${tags}<Size>${stored?.bytes.length}</Size></Contents>`
  })
  const body = `<IsTruncated>${keys.length > most}</IsTruncated>${contents.join("")}`
  return { operation: "ListObjectsV2", body: xml("ListBucketResult", body) }
}

/** A page ends within a key as well as behind one. */
function listVersions(bucket: StoredBucket, query: URLSearchParams): Answer {
  const most = Math.min(1000, Number(query.get("max-keys") ?? 1000))
  const all = bucket.list(query.get("prefix") ?? "")
  const [key, id] = [query.get("key-marker"), query.get("version-id-marker")]
  const last = all.findLastIndex((version) => version.key === key && (id === null || version.id === id))
  const page = all.slice(last + 1, last + 1 + most)
  const listed = page.map(({ key, id, isLatest, bytes, storedAt }) => {
    const what = `<Key>${key}</Key><VersionId>${id}</VersionId><IsLatest>${isLatest}</IsLatest>`
    const times = `${what}<LastModified>${storedAt.toISOString()}</LastModified>`
    const isMarker = bytes === undefined
    return isMarker
      ? `<DeleteMarker>${times}</DeleteMarker>`
      : `<Version>${times}<Size>${bytes.length}</Size></Version>`
  })
  const isTruncated = last + 1 + most < all.length
  const end = page.at(-1)
  const next = `<NextKeyMarker>${end?.key}</NextKeyMarker><NextVersionIdMarker>${end?.id}</NextVersionIdMarker>`
  const body = `<IsTruncated>${isTruncated}</IsTruncated>${isTruncated ? next : ""}${listed.join("")}`
  return { operation: "ListObjectVersions", body: xml("ListVersionsResult", body) }
}

/** As S3 writes CRC-32: base64 of the four bytes, the highest first. */
function checksumOf(bytes: Uint8Array): string {
  const checksum = Buffer.alloc(4)
  checksum.writeUInt32BE(crc32(bytes))
  return checksum.toString("base64")
}

function send(response: ServerResponse, { status = 200, headers = {}, body = "" }: Answer): void {
  response.writeHead(status, { ...headers, "content-length": Buffer.byteLength(body) })
  response.end(body)
}
