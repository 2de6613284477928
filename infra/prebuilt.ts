/** The functions as the package brings them. In the repository `bundle.ts` stands in its place (`imports` of package.json). */
import { fileURLToPath } from "node:url"
import { type AssetCode, Code } from "aws-cdk-lib/aws-lambda"
import type { EntryName } from "./entries.ts"

/** The asset is named by what is in the bundle: a new version of the package with the same bundle deploys nothing. */
export function bundledCode(entry: EntryName): AssetCode {
  return Code.fromAsset(fileURLToPath(new URL(`bundles/${entry}`, import.meta.url)))
}
