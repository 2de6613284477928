import { existsSync, readFileSync } from "node:fs"

/** The version in the package.json above this file: one folder up in the sources, two in the built package. */
export function packageVersion(): string {
  for (const above of ["../package.json", "../../package.json"]) {
    const file = new URL(above, import.meta.url)
    if (!existsSync(file)) continue
    const description: unknown = JSON.parse(readFileSync(file, "utf8"))
    if (typeof description === "object" && description !== null && "version" in description) {
      return String(description.version)
    }
  }
  return "unknown"
}
