/** The version of the server, from its package. */
import { readFileSync } from "node:fs"

/** Beside the sources in a checkout, one folder up from the built files. */
function readVersion(): string {
  for (const place of ["../package.json", "../../package.json"]) {
    try {
      const manifest: unknown = JSON.parse(readFileSync(new URL(place, import.meta.url), "utf8"))
      if (isServerManifest(manifest)) return manifest.version
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error
    }
  }
  return "unknown"
}

function isServerManifest(value: unknown): value is { readonly name: string; readonly version: string } {
  return (
    typeof value === "object" &&
    value !== null &&
    "name" in value &&
    value.name === "stratalog-server" &&
    "version" in value &&
    typeof value.version === "string"
  )
}

export const version = readVersion()
