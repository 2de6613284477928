/** Writes what the package brings beside its own code: the bundle of every function, and whose work is in them. */
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { bundle } from "../bundle.ts"
import { ENTRIES } from "../entries.ts"
import { packagesOf, pagesOf, thirdPartyText } from "./third-party.ts"

/** `folder/bundles/<entry>` and `folder/THIRD-PARTY-LICENSES`. The same sources give the same bytes. */
export function writeBundles(root: string, folder: string): void {
  const metafiles = ENTRIES.map((entry) => bundle(entry, join(folder, "bundles", entry)))
  const text = thirdPartyText([...packagesOf(root, metafiles), pagesOf(root)])
  writeFileSync(join(folder, "THIRD-PARTY-LICENSES"), text)
}
