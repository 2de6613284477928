/** The first step of `npm run build`: nothing of an earlier one may get into a package. */
import { rmSync } from "node:fs"
import { fileURLToPath } from "node:url"

for (const folder of ["sdk", "functions", "infra"]) {
  rmSync(fileURLToPath(new URL(`../../${folder}/dist`, import.meta.url)), { recursive: true, force: true })
}
