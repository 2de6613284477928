/** Cross-origin requests: which pages of other origins may call the API from a browser (the Fetch standard, CORS). */

export interface Cors {
  /** Headers of an answer to a request with this `Origin`. */
  answer(origin: string | undefined): Readonly<Record<string, string>>
  /** The same for a preflight, of a path with these methods; undefined where the origin may not call. */
  preflight(origin: string | undefined, methods: readonly string[]): Readonly<Record<string, string>> | undefined
}

/** Answer headers that scripts may read. */
const EXPOSED = [
  "etag",
  "location",
  "retry-after",
  "stratalog-high-watermark",
  "stratalog-log-start-offset",
  "stratalog-next-offset",
  "x-request-id",
].join(", ")

/** Request headers that mean something to the API, and those of a signature (SigV4), which mean something to AWS. */
const ALLOWED = [
  "authorization",
  "content-encoding",
  "content-type",
  "if-none-match",
  "last-event-id",
  "x-amz-content-sha256",
  "x-amz-date",
  "x-amz-security-token",
  "x-request-id",
].join(", ")

/** How long a browser may remember a preflight: what browsers take at the most. */
const MAX_AGE_SECONDS = "7200"

const NOTHING = {}

/** `origins`: scheme, host and port, such as https://app.example.com; `*` for all. None: no page of another origin may call. */
export function cors(origins: readonly string[]): Cors {
  if (origins.length === 0) return { answer: () => NOTHING, preflight: () => undefined }
  const everyone = origins.includes("*")
  const allowed = new Set(origins)
  const permit = (origin: string | undefined): Readonly<Record<string, string>> | undefined => {
    if (origin === undefined) return undefined
    if (everyone) return { "access-control-allow-origin": "*" }
    return allowed.has(origin) ? { "access-control-allow-origin": origin, vary: "origin" } : undefined
  }
  return {
    answer: (origin) => {
      const permission = permit(origin)
      if (permission === undefined) return everyone ? NOTHING : { vary: "origin" }
      return { ...permission, "access-control-expose-headers": EXPOSED }
    },
    preflight: (origin, methods) => {
      const permission = permit(origin)
      return (
        permission && {
          ...permission,
          "access-control-allow-methods": methods.join(", "),
          "access-control-allow-headers": ALLOWED,
          "access-control-max-age": MAX_AGE_SECONDS,
        }
      )
    },
  }
}
