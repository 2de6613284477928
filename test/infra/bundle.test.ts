/** What goes into the functions: nothing native, nothing of the server, nothing that is only generated from. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { App } from "aws-cdk-lib"
import { Template } from "aws-cdk-lib/assertions"
import type { Metafile } from "esbuild"
import { afterAll, describe, expect, it } from "vitest"
import { bundle } from "../../infra/bundle.ts"
import type { EntryName } from "../../infra/entries.ts"
import { settingsOf } from "../../infra/settings.ts"
import { stratalogStacks } from "../../infra/stacks.ts"

const folder = mkdtempSync(join(tmpdir(), "stratalog-bundle-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const UNWANTED =
  /@node-rs|\/snappy\/|lz4-napi|zod-openapi|@hono\/node-server|functions\/(server|codecs\/native|storage\/embedded)|^test\//

/** Bytes of index.mjs and of all that it imports at once. */
function bytesRead(outputs: Metafile["outputs"]): number {
  const read = new Set<string>()
  const reach = (name: string) => {
    if (read.has(name) || outputs[name] === undefined) return
    read.add(name)
    for (const { path, kind } of outputs[name].imports) if (kind === "import-statement") reach(path)
  }
  const index = Object.keys(outputs).find((name) => name.endsWith("/index.mjs"))
  if (index === undefined) throw new Error("no index.mjs")
  reach(index)
  return [...read].reduce((sum, name) => sum + (outputs[name]?.bytes ?? 0), 0)
}

describe.each<EntryName>(["produce", "fetch", "poll", "admin", "api", "upkeep"])("the bundle of %s", (entry) => {
  const out = join(folder, entry)
  const { inputs, outputs } = bundle(entry, out)

  it("holds what runs in a function and nothing else", () => {
    const files = Object.keys(inputs)
    expect(files.filter((file) => UNWANTED.test(file))).toEqual([])
    expect(files.some((file) => file.includes("functions/storage/aws/"))).toBe(true)
  })

  it("needs nothing beside Node", () => {
    const imports = Object.values(outputs).flatMap((made) => made.imports)
    const outside = imports.filter(({ external }) => external).map(({ path }) => path)
    expect(outside.filter((path) => !/^(node:.*|[a-z_]+(\/[a-z_]+)?)$/.test(path))).toEqual([])
    expect(outside.length).toBeGreaterThan(0)
  })

  it("stays small, as every cold start reads it", () => {
    expect(bytesRead(outputs)).toBeLessThan(1_000_000)
  })
})

describe("the documents beside the API's bundle", () => {
  it("are there", () => {
    const modules = /^(?!index).*\.mjs$/
    expect(
      readdirSync(join(folder, "api"))
        .filter((name) => !modules.test(name))
        .sort(),
    ).toEqual(["index.mjs", "openapi.json", "swagger-ui-bundle.js", "swagger-ui.css"])
    expect(JSON.parse(readFileSync(join(folder, "api/openapi.json"), "utf8"))).toMatchObject({ openapi: "3.1.1" })
  })
})

describe("the assets of a deployment", () => {
  it("are each function's own bundle", () => {
    const app = new App({ outdir: join(folder, "cdk.out") })
    const template = Template.fromStack(stratalogStacks(app, "Stratalog", settingsOf(app.node)).service)
    const contents = Object.entries(template.findResources("AWS::Lambda::Function")).map(([name, { Properties }]) => {
      const files = readdirSync(join(folder, "cdk.out", `asset.${Properties.Code.S3Key.replace(/\.zip$/, "")}`))
      return [name.replace(/^Service|[0-9A-F]{8}$/g, ""), files.includes("openapi.json")]
    })
    expect(Object.fromEntries(contents)).toEqual({
      Produce: false,
      Fetch: false,
      Poll: false,
      Admin: true,
      Upkeep: false,
    })
  })
})
