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
import { bareBundle } from "../bench/coldstart/bare-bundle.ts"
import { CLIENTS_OF, loadedOutputs, SIZE_BAR, sizesOf } from "../bench/coldstart/bars.ts"

const folder = mkdtempSync(join(tmpdir(), "stratalog-bundle-"))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Whose bundle holds what. */
const PARTS: readonly (readonly [string, readonly EntryName[]])[] = [
  ["functions/partitions/append/append-group.ts", ["produce", "api"]],
  ["functions/partitions/sweep/", ["upkeep"]],
  ["functions/segments/tier/", ["upkeep"]],
  ["functions/storage/aws/dynamodb/groups/", ["poll", "admin", "api", "upkeep"]],
  ["functions/http/records/produce-many.ts", ["produce", "api"]],
  ["functions/http/records/fetch-many.ts", ["fetch", "api"]],
  ["functions/http/docs/", ["admin", "api"]],
]

const UNWANTED =
  /@node-rs|\/snappy\/|lz4-napi|zod-openapi|@hono\/node-server|functions\/(server|codecs\/native|storage\/embedded)|^test\/|nested-clients|credential-provider-(ini|login|process|sso|web)|mnemonist/

/** The files of which something went into these outputs, or into any. */
function filesIn({ outputs }: Metafile, names: readonly string[] = Object.keys(outputs)): readonly string[] {
  const inputs = names.flatMap((name) => Object.entries(outputs[name]?.inputs ?? {}))
  return inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([file]) => file)
}

function written({ outputs }: Metafile, file: string): number {
  return Object.values(outputs).reduce((sum, { inputs }) => sum + (inputs[file]?.bytesInOutput ?? 0), 0)
}

describe.each<EntryName>(["produce", "fetch", "poll", "admin", "api", "upkeep"])("the bundle of %s", (entry) => {
  const out = join(folder, entry)
  const metafile = bundle(entry, out)
  const { inputs, outputs } = metafile

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

  it("reads little more than the AWS clients that it uses, bundled alone", () => {
    const bare = bareBundle(CLIENTS_OF[entry], "plain", join(folder, `bare-${entry}`))
    const { loaded } = sizesOf(metafile, /index\.mjs$/)
    expect(loaded / sizesOf(bare, /index\.mjs$/).loaded).toBeLessThanOrEqual(SIZE_BAR)
  })

  it("takes no index file of the AWS SDK whole where a part of it would do", () => {
    const parts = Object.keys(inputs).flatMap((file) => /^straight:(.*)\?/.exec(file)?.[1] ?? [])
    const whole = parts.filter((file) => written(metafile, file) > 0)
    expect(parts.length).toBeGreaterThan(20)
    expect(whole).toEqual([])
  })

  it("has S3's client for what is read from objects or put there, and only then at once where every run needs it", () => {
    const s3 = (files: readonly string[]) => files.some((file) => file.includes("@aws-sdk/client-s3/"))
    const atOnce = loadedOutputs(metafile, /index\.mjs$/)
    expect([s3(filesIn(metafile)), s3(filesIn(metafile, atOnce))]).toEqual([entry !== "admin", entry === "upkeep"])
  })

  it("has none of the code that its concern does without", () => {
    const files = filesIn(metafile)
    for (const [part, entries] of PARTS) {
      expect([part, files.some((file) => file.startsWith(part))]).toEqual([part, entries.includes(entry)])
    }
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
