/** Whose work is in the bundles, and the licences that have to go with it. */
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import type { Metafile } from "esbuild"

export interface ThirdParty {
  readonly name: string
  readonly version: string
  /** As package.json says it. */
  readonly licence: string
  /** The texts of its licence and notice files. */
  readonly texts: readonly string[]
}

const LICENCE_FILE = /^(licen[sc]e|copying|notice)([-.].*)?$/i
/** What its text asks for is met by the package: texts and notices go with it, and no source has to. */
const PERMISSIVE = /^(MIT|0BSD|ISC|Apache-2\.0|BSD-[23]-Clause)$/

/** The packages of others that any byte of a bundle comes from, by name. Throws where one has no licence, or another kind of it. */
export function packagesOf(root: string, metafiles: readonly Metafile[]): readonly ThirdParty[] {
  const folders = new Set<string>()
  for (const { outputs } of metafiles) {
    for (const { inputs } of Object.values(outputs)) {
      for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
        const folder = packageFolder(file)
        if (folder !== undefined && bytesInOutput > 0) folders.add(join(root, folder))
      }
    }
  }
  const found = [...folders].map((folder) => thirdPartyOf(folder, apacheText(root)))
  return found.sort((a, b) => (`${a.name}@${a.version}` < `${b.name}@${b.version}` ? -1 : 1))
}

/** The pages of the API's reference: Swagger UI, which others have packed into one file; its notices are not in their package. */
export function pagesOf(root: string): ThirdParty {
  const manifest = createRequire(join(root, "functions/package.json")).resolve("@fastify/swagger-ui/package.json")
  const version = String(field(field(readManifest(dirname(manifest)), "devDependencies"), "swagger-ui-dist"))
  const notices = fileURLToPath(new URL(`swagger-ui-${version}.txt`, import.meta.url))
  if (!existsSync(notices)) {
    throw new Error(
      `Swagger UI is ${version} now: put its NOTICE and swagger-ui-bundle.js.LICENSE.txt into ${notices}.`,
    )
  }
  const texts = [readFileSync(notices, "utf8"), apacheText(root)]
  return { name: "swagger-ui", version, licence: "Apache-2.0", texts }
}

/** One text for all; a licence that several packages have word for word stands once. */
export function thirdPartyText(parties: readonly ThirdParty[]): string {
  const users = new Map<string, string[]>()
  for (const { name, version, texts } of parties) {
    const text = texts.map((part) => part.trim()).join("\n\n")
    users.set(text, [...(users.get(text) ?? []), `${name}@${version}`])
  }
  const list = parties.map(({ name, version, licence }) => `${name}@${version}: ${licence}`)
  const intro = "The functions in this package contain code of the following packages, under their licences."
  const sections = [...users].map(([text, names]) => `${"-".repeat(80)}\n${names.join(", ")}\n\n${text}\n`)
  return [intro, "", ...list, "", ...sections].join("\n")
}

function packageFolder(file: string): string | undefined {
  return /^(?:straight:)?(.*node_modules\/(?:@[^/]+\/)?[^/]+)/.exec(file)?.[1]
}

function thirdPartyOf(folder: string, apache: string): ThirdParty {
  const manifest = readManifest(folder)
  const name = String(field(manifest, "name"))
  const version = String(field(manifest, "version"))
  const licence = String(field(manifest, "license"))
  const files = readdirSync(folder).filter((file) => LICENCE_FILE.test(file))
  if (!isPermissive(licence)) {
    throw new Error(`${name}@${version} in the bundles is under "${licence}": look whether it may be there.`)
  }
  // The text of this one is the same for everybody.
  if (files.length === 0 && licence === "Apache-2.0") return { name, version, licence, texts: [apache] }
  if (files.length === 0) throw new Error(`${name}@${version} in the bundles comes without a licence file.`)
  return { name, version, licence, texts: files.sort().map((file) => readFileSync(join(folder, file), "utf8")) }
}

function isPermissive(licence: string): boolean {
  return licence.split(" AND ").every((part) => PERMISSIVE.test(part))
}

/** Our own licence is the same. */
function apacheText(root: string): string {
  return readFileSync(join(root, "LICENSE"), "utf8")
}

function readManifest(folder: string): unknown {
  return JSON.parse(readFileSync(join(folder, "package.json"), "utf8"))
}

function field(object: unknown, key: string): unknown {
  return typeof object === "object" && object !== null ? Reflect.get(object, key) : undefined
}
