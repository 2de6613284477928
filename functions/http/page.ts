/** What is served beside the API: its documents, the reference for people, metrics. */
import type { Requirement } from "../access/acl.ts"
import type { ApiRequest, ApiResponse } from "./exchange.ts"

/** Answers GET and HEAD on one path. */
export interface Page {
  readonly path: string
  /** What a caller must be allowed to see it; absent: nobody is asked. */
  readonly access?: readonly Requirement[]
  readonly respond: (request: ApiRequest) => ApiResponse | Promise<ApiResponse>
}

/** No page here loads anything from elsewhere, embeds or is embedded. Each says on top of this what it needs. */
const STRICTEST = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

/** `allow`: further Content-Security-Policy directives. */
export function html(text: string, allow: readonly string[] = []): ApiResponse {
  return {
    status: 200,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": [STRICTEST, ...allow].join("; "),
      "referrer-policy": "no-referrer",
      "cache-control": "no-cache",
    },
    body: text,
  }
}
