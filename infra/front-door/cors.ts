/** What pages of other origins may send and read: the same as the API says by itself where no front door says it. */

export const ALLOWED_HEADERS = [
  "authorization",
  "content-encoding",
  "content-type",
  "if-none-match",
  "last-event-id",
  "x-amz-content-sha256",
  "x-amz-date",
  "x-amz-security-token",
  "x-request-id",
]

export const EXPOSED_HEADERS = [
  "etag",
  "location",
  "retry-after",
  "stratalog-high-watermark",
  "stratalog-log-start-offset",
  "stratalog-next-offset",
  "x-request-id",
]

/** How long browsers may remember it. */
export const PREFLIGHT_SECONDS = 7_200
