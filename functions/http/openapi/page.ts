/** GET /openapi.json */
import { type Route, routes } from "stratalog/protocol"
import type { Page } from "../page.ts"

/** `asked`: as `openApiDocument` takes it. Its generator is loaded and run when somebody asks for the first time: most servers are never asked. */
export function openApiPage(version: string, asked?: boolean): Page {
  let body: Promise<string> | undefined
  return {
    path: "/openapi.json",
    respond: async () => {
      body ??= generate(version, asked)
      return {
        status: 200,
        headers: { "content-type": "application/json", "cache-control": "no-cache" },
        body: await body,
      }
    },
  }
}

async function generate(version: string, asked: boolean | undefined): Promise<string> {
  const { openApiDocument } = await import("./document.ts")
  return `${JSON.stringify(openApiDocument(Object.values<Route>(routes), version, asked))}\n`
}
