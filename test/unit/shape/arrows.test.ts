/** Which folder may import which: the map of ARCHITECTURE.md, enforced. */
import { readdirSync, readFileSync } from "node:fs"
import { dirname, join, normalize, relative } from "node:path"
import { describe, expect, it } from "vitest"

const root = new URL("../../..", import.meta.url).pathname

const storagePorts = [
  "sdk/record-batch",
  "functions/access/acl.ts",
  "functions/access/binding-text.ts",
  "functions/access/ports.ts",
  "functions/log",
  "functions/segments",
  "functions/partitions",
  "functions/topics/config.ts",
  "functions/topics/ports.ts",
  "functions/groups/members/codec.ts",
  "functions/groups/members/state.ts",
  "functions/groups/ports.ts",
  "functions/producers/ports.ts",
  "functions/restore/ports.ts",
]

/** Folder -> the folders whose modules it may import. A folder may always import its own. */
const arrows: Readonly<Record<string, readonly string[]>> = {
  "sdk/record-batch": [],
  "sdk/protocol": ["sdk/record-batch"],
  "sdk/cost": [],
  "sdk/client": ["sdk/protocol", "sdk/record-batch"],
  "sdk/lambda": ["sdk/client"],
  "sdk/aws": ["sdk/client"],
  "sdk/cli": ["sdk/aws", "sdk/client", "sdk/cost", "sdk/protocol", "sdk/record-batch"],
  "functions/codecs": ["sdk/record-batch"],
  "functions/log": ["sdk/record-batch", "sdk/protocol", "functions/topics/ports.ts"],
  "functions/topics": ["sdk/record-batch", "sdk/protocol", "functions/log/ports.ts"],
  "functions/groups": [
    "sdk/record-batch",
    "sdk/protocol",
    "functions/log/ports.ts",
    "functions/log/locate.ts",
    "functions/log/newer-format.ts",
    "functions/log/offsets",
    "functions/topics/ports.ts",
  ],
  "functions/access": ["functions/log/newer-format.ts", "functions/log/ports.ts"],
  "functions/tokens": ["sdk/protocol", "functions/access/tokens.ts"],
  "functions/producers": ["sdk/protocol", "functions/log/ports.ts"],
  "functions/segments": ["sdk/record-batch", "sdk/protocol", "functions/log/ports.ts", "functions/topics/ports.ts"],
  "functions/partitions": ["sdk/record-batch", "sdk/protocol", "sdk/cost", "functions/log", "functions/segments"],
  "functions/restore": [
    "sdk/record-batch",
    "functions/log/ports.ts",
    "functions/partitions",
    "functions/segments",
    "functions/topics/ports.ts",
  ],
  "functions/storage/aws": storagePorts,
  "functions/storage/embedded": storagePorts,
  "functions/http": [
    "sdk/record-batch",
    "sdk/protocol",
    "functions/access",
    "sdk/cost",
    "functions/log",
    "functions/topics",
    "functions/groups",
    "functions/producers",
    "functions/segments/upkeep/records.ts",
  ],
  "functions/server": [
    "sdk/record-batch",
    "sdk/protocol",
    "functions/access",
    "functions/codecs",
    "functions/compose",
    "functions/http",
    "functions/log",
    "functions/tokens",
    "functions/topics",
    "functions/groups",
    "functions/segments",
    "functions/partitions",
    "functions/restore",
    "functions/storage",
  ],
  // It knows the functions by the paths of their entry files.
  infra: [],
  "functions/compose": [
    "functions/codecs",
    "sdk/record-batch",
    "sdk/protocol",
    "functions/access",
    "functions/http",
    "functions/log",
    "functions/topics",
    "functions/groups",
    "functions/producers",
    "functions/segments",
    "functions/partitions",
    "functions/storage/aws",
  ],
  "functions/lambda": [
    "sdk/record-batch",
    "sdk/protocol",
    "functions/access",
    "functions/codecs/key-secret.ts",
    "functions/compose",
    "functions/http",
    "functions/log/dependencies.ts",
    "functions/log/ports.ts",
    "functions/log/storage-observer.ts",
    "functions/segments",
  ],
}

/** What a folder's modules may import from packages and from Node; absent: anything. */
const packages: Readonly<Record<string, RegExp>> = {
  "sdk/record-batch": /^zstddec$/,
  "sdk/protocol": /^zod\/mini$/,
  "sdk/cost": /^$/,
  "sdk/client": /^@standard-schema\/spec$/,
  "sdk/aws": /^aws4fetch$/,
  "functions/log": /^$/,
  "functions/topics": /^$/,
  "functions/groups": /^$/,
  "functions/access": /^$/,
  "functions/tokens": /^jose$/,
  "functions/producers": /^$/,
  "functions/segments": /^$/,
  "functions/partitions": /^$/,
  "functions/restore": /^$/,
  "functions/storage/aws": /^(node:.*|@aws-sdk\/client-(dynamodb|s3|sns)|@smithy\/.*)$/,
  "functions/storage/embedded": /^node:/,
  infra: /^(#bundles|aws-cdk-lib(\/.*)?|constructs|esbuild|node:.*)$/,
  "functions/http": /^(hono(\/.*)?|zod(\/mini)?|zod-openapi|node:(buffer|stream.*))$/,
}

const ambient =
  /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\brandomUUID\b|\bsetTimeout\b|\bsetInterval\b|\bprocess\.env\b/

const sources = ["sdk", "functions", "infra"].flatMap((top) => filesBelow(join(root, top)))

describe("imports", () => {
  it("finds sources in every folder of the map", () => {
    for (const folder of Object.keys(arrows)) {
      expect(
        sources.some((file) => file.startsWith(`${folder}/`)),
        folder,
      ).toBe(true)
    }
  })

  it("are allowed by the map", () => {
    const wrong = sources.flatMap((file) => importsOf(file).flatMap((target) => violation(file, target)))
    expect(wrong).toEqual([])
  })

  it("stay free of clock, randomness, timers and environment in the features", () => {
    const wrong = sources
      .filter((file) => /^functions\/(access|log|topics|groups|producers|segments|partitions|restore)\//.test(file))
      .filter((file) => ambient.test(withoutComments(file)))
    expect(wrong).toEqual([])
  })

  it("keep the AWS SDK to its adapters", () => {
    const wrong = sources
      .filter((file) => !file.startsWith("functions/storage/aws/"))
      .filter((file) => importsOf(file).some((target) => /^@(aws-sdk|smithy)\//.test(target)))
    expect(wrong).toEqual([])
  })

  it("keep process.env to the server, the functions and the command lines", () => {
    const wrong = sources
      .filter((file) => !/^(functions\/(server|lambda)|sdk\/cli)\//.test(file))
      .filter((file) => /\bprocess\.env\b/.test(withoutComments(file)))
    expect(wrong).toEqual([])
  })

  it("keep decisions free of promises", () => {
    const wrong = sources
      .filter((file) => file.endsWith("/decide.ts"))
      .filter((file) => /\basync\b|\bawait\b|\bPromise\b/.test(withoutComments(file)))
    expect(wrong).toEqual([])
  })
})

function violation(file: string, target: string): readonly string[] {
  const from = folderOf(file)
  const said = `${file} imports ${target}`
  if (from === undefined) return [`${file} lies in no folder of the map`]
  const path = pathOf(file, target)
  if (path === undefined) return packages[from]?.test(target) === false ? [said] : []
  const allowed = [from, ...(arrows[from] ?? [])]
  return allowed.some((prefix) => path === prefix || path.startsWith(`${prefix}/`)) ? [] : [said]
}

function folderOf(file: string): string | undefined {
  return Object.keys(arrows).find((folder) => file.startsWith(`${folder}/`))
}

const workspacePackages: Readonly<Record<string, string>> = {
  stratalog: "sdk/client/index.ts",
  "stratalog/protocol": "sdk/protocol/index.ts",
  "stratalog/cost": "sdk/cost/index.ts",
  "stratalog/record-batch": "sdk/record-batch/index.ts",
  "stratalog-server": "functions/server/index.ts",
}

/** The path of one of our modules; undefined for a package of others or of Node. */
function pathOf(file: string, target: string): string | undefined {
  if (target.startsWith(".")) return normalize(join(dirname(file), target))
  return workspacePackages[target]
}

/** Static imports and exports; a dynamic import is lazy on purpose. */
function importsOf(file: string): readonly string[] {
  return [
    ...withoutComments(file).matchAll(
      /(?:^|\n)\s*(?:import|export)\s[^"';]*?from\s+"([^"]+)"|(?:^|\n)\s*import\s+"([^"]+)"/g,
    ),
  ].map((match) => match[1] ?? match[2] ?? "")
}

function withoutComments(file: string): string {
  return readFileSync(join(root, file), "utf8").replace(/\/\*[\s\S]*?\*\/|(^|\s)\/\/.*$/gm, "$1")
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.(ts|mjs)$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)))
    .filter((file) => !/(^|\/)(dist|node_modules)\//.test(file))
}
