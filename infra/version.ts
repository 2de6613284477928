import { createRequire } from "node:module"

/** The version of this package, which is that of the functions in it. */
export function packageVersion(): string {
  const manifest: unknown = createRequire(import.meta.url)("stratalog-cdk/package.json")
  if (typeof manifest === "object" && manifest !== null && "version" in manifest) return String(manifest.version)
  throw new Error("The package.json of stratalog-cdk names no version.")
}
