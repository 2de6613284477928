/** The pages that tell about the API, made when the function was bundled: nothing is generated here. */
import { readFile } from "node:fs/promises"
import { errorsPage } from "../http/docs/errors-page.ts"
import { referencePages } from "../http/docs/reference-pages.ts"
import type { Page } from "../http/page.ts"
import { rootPage } from "../http/service/root-page.ts"

/** `folder` holds openapi.json and Swagger UI's files, and ends in a slash. */
export function bundledPages(folder: URL, version: string): readonly Page[] {
  const read = (name: string) => readFile(new URL(name, folder))
  return [rootPage(version), openApiFile(read), errorsPage, ...referencePages({ read }, version)]
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
