/** Which function answers what, for front doors that tell requests apart. */

/** A function behind the front door, by what it does. */
export type Concern = "produce" | "fetch" | "poll" | "admin"

export type Method = "DELETE" | "GET" | "HEAD" | "OPTIONS" | "PATCH" | "POST" | "PUT"

export interface Route {
  readonly methods: readonly Method[]
  /** As API Gateway writes it: `{name}` is one part of the path, `{proxy+}` at the end all that are left. */
  readonly path: string
  readonly to: Concern
}

/** API Gateway takes no colon in a path, so that `offsets:reset` has to be part of what is left. */
export const routes: readonly Route[] = [
  { methods: ["POST"], path: "/v1/topics/{topic}/records", to: "produce" },
  { methods: ["POST"], path: "/v1/topics/{topic}/partitions/{partition}/records", to: "produce" },
  { methods: ["POST"], path: "/v1/produce", to: "produce" },
  { methods: ["POST"], path: "/v1/producers", to: "produce" },
  { methods: ["GET", "HEAD"], path: "/v1/topics/{topic}/partitions/{partition}/records", to: "fetch" },
  { methods: ["GET", "HEAD"], path: "/v1/topics/{topic}/offsets", to: "fetch" },
  { methods: ["POST"], path: "/v1/fetch", to: "fetch" },
  // Method by method: `ANY` would take the preflights, too.
  { methods: ["GET", "HEAD", "POST", "DELETE"], path: "/v1/groups/{group}/{proxy+}", to: "poll" },
]

/** Where everything else goes: it answers for every path of the API which methods there are, and for every other that it is none. */
export const OTHERWISE: Concern = "admin"

/**
 * All of that but `/`, where a front door tells its function in variables alone what was asked for: an HTTP API cuts the path at a
 * question mark that was encoded, and who may call it was decided by the whole of it.
 */
export const OTHERWISE_WHOLE = "/{proxy+}"

/** What browsers ask before they call from a page of another origin. They cannot sign it. */
export const PREFLIGHTS: Route = { methods: ["OPTIONS"], path: "/{proxy+}", to: OTHERWISE }

/** Why nobody has to sign them. */
export const UNSIGNED_PREFLIGHTS =
  "Browsers ask before they sign. The answer names methods and headers, and nothing of the log."
