/** `npm run docs`: writes the documents that are made from the code. */
import { writeFileSync } from "node:fs"
import { documents } from "./documents.ts"

for (const [name, content] of Object.entries(documents()))
  writeFileSync(new URL(`../${name}`, import.meta.url), content)
