/** docs/access.md: what a caller has to be allowed for each call, from the table of routes. */
import { readFileSync } from "node:fs"
import type { Route } from "stratalog/protocol"
import { table } from "./markdown.ts"
import { withSection } from "./sections.ts"

export function accessMarkdown(routes: readonly Route[]): string {
  const rows = routes.map(({ method, path, summary, access }) => [`\`${method} ${path}\``, summary, needed(access)])
  const written = readFileSync(new URL("../access.md", import.meta.url), "utf8")
  return withSection(written, "docs/access.md", "calls", table(["Call", "What it does", "Takes"], rows))
}

function needed(access: Route["access"]): string {
  if (access === "open") return "nothing"
  if (access === "known") return "any key; shows what its principal may see"
  return access.map((permission) => `\`${permission}\``).join(", ")
}
