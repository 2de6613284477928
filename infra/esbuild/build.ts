import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import type { BuildOptions, Metafile } from "esbuild"

const main = fileURLToPath(new URL("main.ts", import.meta.url))

/** Room for what is told of a bundle, bytes. */
const MAX_METAFILE = 64 * 1024 * 1024

/** Builds with `straightImports`, and waits for it, as the CDK does not. The answer tells what went in. */
export function buildStraight(options: BuildOptions): Metafile {
  const { status, stdout, error } = spawnSync(process.execPath, [main], {
    input: JSON.stringify(options),
    stdio: ["pipe", "pipe", "inherit"],
    maxBuffer: MAX_METAFILE,
  })
  if (error !== undefined) throw error
  if (status !== 0) throw new Error("esbuild failed; what it says is above.")
  return JSON.parse(String(stdout))
}
