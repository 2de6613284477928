/** The pages that tell about the API, made when the function was bundled: nothing is generated here. */
import { readFile } from "node:fs/promises"
import { loadedOnce } from "../compose/loaded-once.ts"
import { documentPaths } from "../http/docs/page-paths.ts"
import type { Page } from "../http/page.ts"
import { rootPage } from "../http/service/root-page.ts"

/** `folder` holds openapi.json and Swagger UI's files, and ends in a slash. */
export function bundledPages(folder: URL, version: string): readonly Page[] {
  const read = (name: string) => readFile(new URL(name, folder))
  const documents = loadedOnce(async () => (await import("./document-pages.ts")).documentPages({ read }, version))
  const late = (path: string): Page => ({
    path,
    respond: async (request) => at(path, await documents()).respond(request),
  })
  return [rootPage(version), openApiFile(read), ...documentPaths(version).map(late)]
}

function at(path: string, pages: readonly Page[]): Page {
  const found = pages.find((page) => page.path === path)
  if (found === undefined) throw new Error(`no page is at ${path}`)
  return found
}

function openApiFile(read: (name: string) => Promise<Uint8Array>): Page {
  return {
    path: "/openapi.json",
    respond: async () => ({
      status: 200,
      headers: { "content-type": "application/json", "cache-control": "no-cache" },
      body: await read("openapi.json"),
    }),
  }
}
