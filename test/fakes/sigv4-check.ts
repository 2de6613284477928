/** Who checks signatures, by AWS's own implementation: what API Gateway and function URLs do, as far as it can be known here. */
import { createHash, createHmac } from "node:crypto"
import { SignatureV4 } from "@smithy/signature-v4"

export interface SignedRequest {
  readonly method: string
  readonly url: string
  readonly headers: Headers
  readonly body?: string | Uint8Array | undefined
}

export interface Key {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

/** As AWS's own SDKs give it to their signer. */
class Sha256 {
  readonly #hash: ReturnType<typeof createHash> | ReturnType<typeof createHmac>

  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash("sha256") : createHmac("sha256", bytesOf(secret))
  }

  update(data: string | ArrayBuffer | ArrayBufferView): void {
    this.#hash.update(bytesOf(data))
  }

  async digest(): Promise<Uint8Array> {
    return this.#hash.digest()
  }

  reset(): void {
    throw new Error("A hash is used once here.")
  }
}

function bytesOf(data: string | ArrayBuffer | ArrayBufferView): Uint8Array {
  if (typeof data === "string") return Buffer.from(data)
  return ArrayBuffer.isView(data) ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength) : new Uint8Array(data)
}

/** What is wrong with a request's signature; undefined: it is right. The clock is `now`, epoch milliseconds. */
export async function signatureFault(
  request: SignedRequest,
  key: Key,
  { service, region, now }: { readonly service: string; readonly region: string; readonly now: number },
): Promise<string | undefined> {
  const given = request.headers.get("authorization")
  if (given === null) return "not signed"
  const [, credential = "", signed = ""] =
    /^AWS4-HMAC-SHA256 Credential=([^,]+), SignedHeaders=([^,]+), Signature=[0-9a-f]{64}$/.exec(given) ?? []
  const date = dateOf(request.headers.get("x-amz-date"))
  if (!(Math.abs(now - date) <= 5 * 60_000)) return "not of this time"
  const day = new Date(date).toISOString().slice(0, 10).replaceAll("-", "")
  if (credential !== `${key.accessKeyId}/${day}/${region}/${service}/aws4_request`) return `for ${credential}`
  const names = signed.split(";")
  if (!names.includes("host") || !names.includes("x-amz-date")) return "host or date are not signed"
  if (request.headers.has("x-amz-security-token") && !names.includes("x-amz-security-token")) return "token not signed"
  const expected = await expectedSignature(request, names, key, { service, region, date })
  return given.endsWith(`Signature=${expected}`) ? undefined : "the signature does not match"
}

async function expectedSignature(
  { method, url, headers, body }: SignedRequest,
  names: readonly string[],
  credentials: Key,
  { service, region, date }: { readonly service: string; readonly region: string; readonly date: number },
): Promise<string> {
  const signer = new SignatureV4({ credentials, service, region, sha256: Sha256, applyChecksum: false })
  const { protocol, hostname, host, pathname, search } = new URL(url)
  const signedValue = (name: string) => (name === "host" ? host : (headers.get(name) ?? ""))
  const signed = await signer.sign(
    {
      method,
      protocol,
      hostname,
      path: pathname,
      query: queryOf(search),
      headers: Object.fromEntries(names.map((name) => [name, signedValue(name)])),
      body,
    },
    { signingDate: new Date(date), signableHeaders: new Set(names) },
  )
  return signed.headers["authorization"]?.split("Signature=")[1] ?? "none"
}

/** A name that comes twice has both values. */
function queryOf(search: string): Record<string, string[]> {
  const values = Map.groupBy(new URLSearchParams(search), ([name]) => name)
  return Object.fromEntries([...values].map(([name, pairs]) => [name, pairs.map(([, value]) => value)]))
}

function dateOf(text: string | null): number {
  const iso = (text ?? "").replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z")
  return Date.parse(iso)
}
