/**
 * Swagger UI's files, from the installed packages. Swagger's own package, swagger-ui-dist, depends on a telemetry package that
 * runs at installation; Fastify's plugin carries the same files without it. Only its files are used.
 */
import { readFile } from "node:fs/promises"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import type { ReferenceAssets } from "../http/docs/reference-pages.ts"

const { resolve } = createRequire(import.meta.url)

export const referenceAssets: ReferenceAssets = {
  read: async (name) => readFile(join(dirname(resolve("@fastify/swagger-ui/package.json")), "static", name)),
}
