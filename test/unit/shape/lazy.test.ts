/** What a start loads only when it is asked for. */
import { buildSync, type Metafile } from "esbuild"
import { expect, it } from "vitest"

const root = new URL("../../..", import.meta.url).pathname

const { inputs } = buildSync({
  absWorkingDir: root,
  entryPoints: ["functions/server/start.ts"],
  outdir: "unused",
  write: false,
  bundle: true,
  splitting: true,
  metafile: true,
  format: "esm",
  platform: "node",
  conditions: ["source"],
  packages: "external",
  external: ["@aws-sdk/*"],
  logLevel: "silent",
}).metafile

/** Everything that loads at once with these modules. */
function loadedWith(inputs: Metafile["inputs"], ...modules: readonly string[]): readonly string[] {
  const loaded = new Set(modules)
  for (const module of loaded) {
    for (const { kind, path } of inputs[module]?.imports ?? []) if (kind === "import-statement") loaded.add(path)
  }
  return [...loaded]
}

const ofAws = (modules: readonly string[]) => modules.filter((path) => /^@aws-sdk|functions\/storage\/aws/.test(path))

it("the embedded log starts without the AWS SDK", () => {
  const loaded = loadedWith(inputs, "functions/server/start.ts", "functions/server/serve-embedded.ts")
  expect(loaded.length).toBeGreaterThan(100)
  expect(ofAws(loaded)).toEqual([])
  expect(ofAws(loadedWith(inputs, "functions/server/serve-aws.ts")).length).toBeGreaterThan(10)
})

it("the help needs neither storage", () => {
  expect(
    loadedWith(inputs, "functions/server/start.ts").filter((path) => /storage\/.*(sqlite|aws)/.test(path)),
  ).toEqual([])
})
