/**
 * As much of S3's protocol as `ObjectStore` needs, in memory, for runs that have no S3: ranges, checksums that are compared,
 * lists in the order of keys, errors as S3 words them. The suites that run on it run on LocalStack too.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { buffer } from "node:stream/consumers"
import { crc32 } from "node:zlib"
import { listenOnLoopback } from "./loopback-server.ts"
import { S3Error, xml } from "./s3-errors.ts"

export interface StartedS3 {
  /** Such as http://127.0.0.1:40123. */
  readonly endpoint: string
  /** Requests since the start, by their operation in S3. */
  readonly requests: ReadonlyMap<string, number>
  stop(): Promise<void>
}

interface Stored {
  readonly bytes: Buffer
  readonly storedAt: Date
}

type Bucket = Map<string, Stored>

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
  const buckets = new Map<string, Bucket>()
  const requests = new Map<string, number>()
  const server = createServer((incoming, response) => {
    void answer(buckets, incoming).then((answered) => {
      requests.set(answered.operation, (requests.get(answered.operation) ?? 0) + 1)
      send(response, answered)
    })
  })
  return { ...(await listenOnLoopback(server)), requests }
}

async function answer(buckets: Map<string, Bucket>, incoming: IncomingMessage): Promise<Answer> {
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

function route(buckets: Map<string, Bucket>, request: Request): Answer {
  const { method, bucketName, key, query } = request
  if (key === "" && method === "PUT") return createBucket(buckets, bucketName)
  const bucket = buckets.get(bucketName)
  if (bucket === undefined) throw new S3Error("NoSuchBucket", bucketName)
  if (key !== "" && method === "PUT") return putObject(bucket, request)
  if (key !== "" && method === "GET") return getObject(bucket, request)
  if (key === "" && method === "DELETE") return deleteBucket(buckets, bucketName)
  if (key === "" && method === "HEAD") return { operation: "HeadBucket" }
  if (key === "" && method === "POST" && query.has("delete")) return deleteObjects(bucket, request)
  if (key === "" && method === "GET" && query.get("list-type") === "2") return listObjects(bucket, query)
  throw new S3Error("NotImplemented", `${method} ${query}`)
}

function createBucket(buckets: Map<string, Bucket>, name: string): Answer {
  if (buckets.has(name)) throw new S3Error("BucketAlreadyOwnedByYou", name)
  buckets.set(name, new Map())
  return { operation: "CreateBucket", headers: { location: `/${name}` } }
}

function deleteBucket(buckets: Map<string, Bucket>, name: string): Answer {
  if (buckets.get(name)?.size !== 0) throw new S3Error("BucketNotEmpty", name)
  buckets.delete(name)
  return { operation: "DeleteBucket", status: 204 }
}

function putObject(bucket: Bucket, { key, body }: Request): Answer {
  bucket.set(key, { bytes: body, storedAt: new Date() })
  return { operation: "PutObject", headers: { etag: `"${checksumOf(body)}"` } }
}

function getObject(bucket: Bucket, { key, headers }: Request): Answer {
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

function deleteObjects(bucket: Bucket, { body, headers }: Request): Answer {
  const keys = [...body.toString().matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = ""]) => key)
  if (keys.length === 0 || keys.length > 1000) throw new S3Error("MalformedXML", `${keys.length} keys`)
  if (headers["x-amz-checksum-crc32"] === undefined) throw new S3Error("InvalidRequest", "no checksum")
  for (const key of keys) bucket.delete(key)
  return { operation: "DeleteObjects", body: xml("DeleteResult", "") }
}

function listObjects(bucket: Bucket, query: URLSearchParams): Answer {
  const prefix = query.get("prefix") ?? ""
  const after = query.get("start-after") ?? ""
  const most = Math.min(1000, Number(query.get("max-keys") ?? 1000))
  const keys = [...bucket.keys()].filter((key) => key.startsWith(prefix) && key > after).sort()
  const contents = keys.slice(0, most).map((key) => {
    const stored = bucket.get(key)
    const tags = `<Key>${key}</Key><LastModified>${stored?.storedAt.toISOString()}</LastModified>`
    return `<Contents>${tags}<Size>${stored?.bytes.length}</Size></Contents>`
  })
  const body = `<IsTruncated>${keys.length > most}</IsTruncated>${contents.join("")}`
  return { operation: "ListObjectsV2", body: xml("ListBucketResult", body) }
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
