/** GET /: where to go from here, relative to this address. People's browsers are led to the reference. */
import { json } from "../exchange.ts"
import type { Page } from "../page.ts"

export function rootPage(version: string): Page {
  const links = {
    service: "stratalog",
    version,
    docs: "docs",
    openapi: "openapi.json",
    limits: "v1/limits",
    health: "v1/health",
  }
  return {
    path: "/",
    respond: ({ header }) => {
      const vary = { vary: "accept" }
      if (header("accept")?.includes("text/html") !== true) return json(200, links, vary)
      return { status: 302, headers: { location: "docs", ...vary } }
    },
  }
}
