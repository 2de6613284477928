/** esbuild in a process of its own, as it takes plugins only where it does not block: options in, what went into the bundle out. */
import { text } from "node:stream/consumers"
import { type BuildOptions, build } from "esbuild"
import { straightImports } from "./straight-imports.ts"

const options: BuildOptions = JSON.parse(await text(process.stdin))
const { metafile } = await build({ ...options, metafile: true, plugins: [straightImports] })
process.stdout.write(JSON.stringify(metafile))
