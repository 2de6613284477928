/** A bundle of AWS clients alone. */
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { type BuildOptions, buildSync, type Metafile } from "esbuild"
import { bundleOptions } from "../../../infra/bundle.ts"
import { buildStraight } from "../../../infra/esbuild/build.ts"
import { CLIENTS, type ClientName } from "./bars.ts"

const functions = fileURLToPath(new URL("../../../functions", import.meta.url))

/**
 * `plain`: as anybody bundles for a function, one minified ES module of the packages' ES modules. `ours`: with the options
 * of our own functions, which put what is loaded late (such as sources of credentials that a function never asks) into
 * files of their own.
 */
export function bareBundle(clients: readonly ClientName[], how: "plain" | "ours", folder: string): Metafile {
  const contents = clients.map((name) => CLIENTS[name]).join(";")
  const stdin = { contents, resolveDir: functions, sourcefile: "index.js" }
  if (how === "ours") return buildStraight({ ...bundleOptions, stdin, outdir: folder, entryNames: "index" })
  return buildSync({ ...PLAIN, stdin, outfile: join(folder, "index.mjs"), metafile: true }).metafile
}

const PLAIN = {
  bundle: true,
  minify: true,
  format: "esm",
  platform: "node",
  target: "node24",
  mainFields: ["module", "main"],
} satisfies BuildOptions
