/** The packages as others install them: packed, unpacked into an application of its own, with no build and no sources near. */
import { execFile } from "node:child_process"
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs"
import { tmpdir } from "node:os"
import { delimiter, dirname, join } from "node:path"
import { fileURLToPath, pathToFileURL } from "node:url"
import { promisify } from "node:util"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { ENTRIES } from "../../infra/entries.ts"
import { writeBundles } from "../../infra/packaging/bundles.ts"
import { skipOutsideCi } from "./runtimes-on-this-machine.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))
const run = promisify(execFile)
const PACKAGES = { stratalog: "sdk", "stratalog-server": "functions", "stratalog-cdk": "infra" }

let folder: string
const installed = (name: string) => join(folder, "node_modules", name)

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "stratalog-packages-"))
  mkdirSync(join(folder, "node_modules"))
  await run("npm", ["run", "build"], { cwd: root })
  const packed = await run(
    "npm",
    ["pack", "--json", "--ignore-scripts", "--pack-destination", folder, ...workspaces()],
    { cwd: root },
  )
  const files: readonly { readonly name: string; readonly filename: string }[] = JSON.parse(packed.stdout)
  for (const { name, filename } of files) {
    mkdirSync(installed(name))
    await run("tar", ["-xzf", join(folder, filename), "--strip-components=1", "-C", installed(name)])
  }
  const needed = ["aws-cdk-lib", "constructs", "@types/node", ...Object.keys(PACKAGES).flatMap(dependenciesOf)]
  for (const name of new Set(needed)) if (!existsSync(installed(name))) link(name)
  cpSync(join(root, "test/e2e/packages"), folder, { recursive: true })
  const [, example] = /```ts\n(.*?)```/s.exec(readFileSync(join(root, "infra/README.md"), "utf8")) ?? []
  writeFileSync(join(folder, "app.mjs"), example ?? "")
}, 900_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

const workspaces = () => Object.values(PACKAGES).map((path) => `--workspace=${path}`)

function dependenciesOf(name: string): readonly string[] {
  const manifest: { readonly dependencies?: object } = JSON.parse(
    readFileSync(join(installed(name), "package.json"), "utf8"),
  )
  return Object.keys(manifest.dependencies ?? {})
}

/** One of the dependencies, as installing it would put it there. */
function link(name: string): void {
  mkdirSync(dirname(installed(name)), { recursive: true })
  symlinkSync(join(root, "node_modules", name), installed(name))
}

describe("the packages", () => {
  it.each(Object.keys(PACKAGES))("%s holds what it says, and nothing of where it was made", (name) => {
    const files = readdirSync(installed(name), { recursive: true, withFileTypes: true }).filter((file) => file.isFile())
    const paths = files.map(({ parentPath, name: file }) => join(parentPath, file).slice(installed(name).length + 1))
    expect(paths).toEqual(expect.arrayContaining(["package.json", "README.md", "dist/LICENSE"]))
    expect(paths.filter((path) => !/^(package\.json|README\.md|dist\/.+)$/.test(path))).toEqual([])
    expect(paths.filter((path) => /\.map$|\.test\.|(^|\/)test\/|(?<!\.d)\.ts$/.test(path))).toEqual([])
    const texts = paths.map((path) => [path, readFileSync(join(installed(name), path), "utf8")] as const)
    expect(texts.filter(([, text]) => text.includes(root.replace(/\/$/, ""))).map(([path]) => path)).toEqual([])
    expect(texts.filter(([, text]) => /sourceMappingURL=(?!.*\.LICENSE)/.test(text)).map(([path]) => path)).toEqual([])
  })

  it("have one version", () => {
    expect(new Set(Object.keys(PACKAGES).map(versionOf)).size).toBe(1)
  })

  it("serve, produce and read", async () => {
    const { stdout } = await run(process.execPath, [join(folder, "round-trip.mjs")], { cwd: folder, timeout: 60_000 })
    expect(stdout).toBe("0 0 u1 { qty: 2 }\n")
    const strata = join(installed("stratalog"), "dist/cli/main.js")
    expect((await run(process.execPath, [strata, "--version"])).stdout.trim()).toBe(versionOf("stratalog"))
  })
})

describe("stratalog-cdk", () => {
  it("names the licence of all whose work is in it", () => {
    const text = readFileSync(join(installed("stratalog-cdk"), "dist/THIRD-PARTY-LICENSES"), "utf8")
    for (const name of ["@aws-sdk/client-dynamodb", "@smithy/core", "zod", "hono", "swagger-ui"])
      expect(text).toContain(`\n${name}@`)
    expect(text).toContain("Permission is hereby granted, free of charge")
    expect(text).toContain("Apache License")
  })

  it("is the same, byte for byte, when it is made again", () => {
    const again = join(folder, "again")
    writeBundles(root, again)
    const files = readdirSync(again, { recursive: true, withFileTypes: true }).filter((file) => file.isFile())
    expect(files.length).toBeGreaterThan(ENTRIES.length)
    const changed = files
      .map((file) => join(file.parentPath, file.name).slice(again.length + 1))
      .filter(
        (file) => !readFileSync(join(again, file)).equals(readFileSync(join(installed("stratalog-cdk"), "dist", file))),
      )
    expect(changed).toEqual([])
  }, 300_000)

  it("deploys functions that load, from the application of its README", async () => {
    const { functions, bundles } = await synthesize(process.execPath, "app.mjs")
    expect(functions.length).toBeGreaterThan(1)
    for (const { Properties } of functions) {
      expect(Properties.Environment?.Variables["STRATALOG_VERSION"]).toBe(versionOf("stratalog-cdk"))
    }
    for (const bundle of bundles) await expectHandler(bundle)
  }, 600_000)

  it("deploys the same from CommonJS, and from the Node of the machine", async (context) => {
    const own = await synthesize(process.execPath, "app.cjs")
    const node = await nodeOfMachine()
    if (node === undefined) return skipOutsideCi(context, "no Node 20.19 or later on the PATH")
    for (const app of ["app.mjs", "app.cjs"]) expect((await synthesize(node, app)).resources).toEqual(own.resources)
  }, 600_000)

  it("has types that hold for whoever checks those of libraries, too", async () => {
    const compiler = join(root, "node_modules/typescript/bin/tsc")
    const check = (file: string) =>
      run(process.execPath, [compiler, "-p", folder], { cwd: folder }).then(
        () => "",
        (error: { readonly stdout: string }) => `${file}: ${error.stdout}`,
      )
    writeConfig({ include: ["app.ts"] })
    writeFileSync(join(folder, "app.ts"), typed('upkeep: "6h"'))
    expect(await check("right")).toBe("")
    writeFileSync(join(folder, "app.ts"), typed('upkeep: "7h"'))
    expect(await check("wrong")).toContain('"7h"')
  }, 600_000)
})

const typed = (settings: string) => `
import { App, Stack } from "aws-cdk-lib"
import { Stratalog, type StratalogSettings } from "stratalog-cdk"
const settings: StratalogSettings = { ${settings} }
export const url: string = new Stratalog(new Stack(new App(), "Orders"), "Log", settings).url
`

function writeConfig(more: object): void {
  const compilerOptions = {
    module: "nodenext",
    strict: true,
    noEmit: true,
    skipLibCheck: false,
    types: ["node"],
    target: "es2022",
  }
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, ...more }))
}

interface Resource {
  readonly Type: string
  readonly Properties: {
    readonly Code?: { readonly S3Key: string }
    readonly Environment?: { readonly Variables: Readonly<Record<string, unknown>> }
  }
}

/** What an application makes: without esbuild, which is not installed there, and without credentials. */
async function synthesize(node: string, app: string) {
  const out = mkdtempSync(join(folder, "cdk.out-"))
  const env = { PATH: process.env["PATH"], HOME: folder, CDK_OUTDIR: out }
  expect(existsSync(installed("esbuild"))).toBe(false)
  await run(node, [join(folder, app)], { cwd: folder, env, timeout: 300_000 })
  const template: { readonly Resources: Readonly<Record<string, Resource>> } = JSON.parse(
    readFileSync(join(out, "Orders.template.json"), "utf8"),
  )
  const functions = Object.values(template.Resources).filter(({ Type }) => Type === "AWS::Lambda::Function")
  const bundles = functions.map(({ Properties }) => join(out, `asset.${Properties.Code?.S3Key.replace(/\.zip$/, "")}`))
  return { resources: template.Resources, functions, bundles }
}

/** A bundle loads as Lambda loads it: alone, with what its environment tells. */
async function expectHandler(bundle: string): Promise<void> {
  const script = `console.log(typeof (await import(${JSON.stringify(pathToFileURL(join(bundle, "index.mjs")).href)})).handler)`
  const env = {
    AWS_REGION: "us-east-1",
    STRATALOG_TABLE: "table",
    STRATALOG_BUCKET: "bucket",
    STRATALOG_VERSION: "0.0.0",
    STRATALOG_AUTH: "iam",
  }
  const { stdout } = await run(process.execPath, ["--input-type=module", "-e", `${script}; process.exit()`], {
    cwd: bundle,
    env,
  })
  expect(stdout.trim()).toBe("function")
}

/** Not the project's own, and one that can `require` an ES module: older ones cannot load the package from CommonJS. */
async function nodeOfMachine(): Promise<string | undefined> {
  for (const place of (process.env["PATH"] ?? "").split(delimiter)) {
    const node = join(place, "node")
    if (place.startsWith(root) || !existsSync(node)) continue
    const { stdout } = await run(node, ["--version"])
    const [major, minor = 0] = stdout.slice(1).split(".").map(Number)
    if (major !== undefined && (major > 20 || (major === 20 && minor >= 19))) return node
  }
  return undefined
}

function versionOf(name: string): string {
  const manifest: { readonly version: string } = JSON.parse(readFileSync(join(installed(name), "package.json"), "utf8"))
  return manifest.version
}
