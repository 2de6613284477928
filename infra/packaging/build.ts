/** The last step of `npm run build`: what the compiler does not make. */
import { copyFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { writeBundles } from "./bundles.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))

writeBundles(root, join(root, "infra/dist"))
for (const folder of ["sdk", "functions", "infra"])
  copyFileSync(join(root, "LICENSE"), join(root, folder, "dist/LICENSE"))
