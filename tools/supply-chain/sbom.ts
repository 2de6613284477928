/**
 * `npm run sbom`: what the published packages bring along, as npm reads it from the lock file: dist/sbom/stratalog.cdx.json
 * (CycloneDX) and stratalog.spdx.json (SPDX). Another folder may be given.
 */
import { execFileSync } from "node:child_process"
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"

interface Component {
  readonly "bom-ref": string
  readonly name: string
  readonly purl: string
  readonly properties?: readonly { readonly name: string }[]
}

interface CycloneDx {
  readonly components: readonly Component[]
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[]
  readonly metadata: { readonly component: Component }
}

interface Spdx {
  readonly packages: readonly { readonly SPDXID: string; readonly name: string; readonly versionInfo: string }[]
  readonly relationships: readonly { readonly spdxElementId: string; readonly relatedSpdxElement: string }[]
}

const root = fileURLToPath(new URL("../../", import.meta.url))
const PUBLISHED = ["stratalog", "stratalog-server", "stratalog-cdk"]

const [folder = join(root, "dist/sbom")] = process.argv.slice(2)
const all: CycloneDx = sbom("cyclonedx")
const wanted = broughtAlong(all)
mkdirSync(folder, { recursive: true })
write("stratalog.cdx.json", onlyWanted(all))
write("stratalog.spdx.json", onlyWantedSpdx(sbom("spdx")))

/**
 * What is installed on this machine does not matter: other machines install other binaries of the same packages. Nothing is
 * left out by `--omit dev`, which leaves out also what a published package and one of development both ask for.
 */
function sbom<T>(format: "cyclonedx" | "spdx"): T {
  const asked = ["sbom", "--package-lock-only", "--sbom-format", format]
  return JSON.parse(execFileSync("npm", asked, { cwd: root, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 }))
}

/** References of what the published packages need, directly or not. */
function broughtAlong({ components, dependencies }: CycloneDx): ReadonlySet<string> {
  const development = new Set(components.filter(isOfDevelopment).map((each) => each["bom-ref"]))
  const needs = new Map(dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]))
  const found = new Set(components.filter((each) => PUBLISHED.includes(nameOf(each))).map((each) => each["bom-ref"]))
  for (const ref of found) {
    for (const needed of needs.get(ref) ?? []) if (!development.has(needed)) found.add(needed)
  }
  return found
}

function isOfDevelopment({ properties = [] }: Component): boolean {
  return properties.some(({ name }) => name === "cdx:npm:package:development")
}

/** npm calls the packages of a workspace, and the workspace itself, after their folders. */
function nameOf({ purl, name }: Component): string {
  return decodeURIComponent(/^pkg:npm\/(.+)@/.exec(purl)?.[1] ?? name)
}

function onlyWanted({ components, dependencies, metadata, ...rest }: CycloneDx): CycloneDx {
  const named = (component: Component) => ({ ...component, name: nameOf(component) })
  const top = metadata.component["bom-ref"]
  return {
    ...rest,
    metadata: { ...metadata, component: named(metadata.component) },
    components: components.filter((each) => wanted.has(each["bom-ref"])).map(named),
    dependencies: dependencies
      .filter(({ ref }) => ref === top || wanted.has(ref))
      .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((each) => wanted.has(each)) })),
  }
}

function onlyWantedSpdx({ packages, relationships, ...rest }: Spdx): Spdx {
  const [top, ...others] = packages
  if (top === undefined) throw new Error("npm gave an SPDX document without packages")
  const kept = [top, ...others.filter(({ name, versionInfo }) => wanted.has(`${name}@${versionInfo}`))]
  const ids = new Set(["SPDXRef-DOCUMENT", ...kept.map(({ SPDXID }) => SPDXID)])
  const isKept = ({ spdxElementId, relatedSpdxElement }: Spdx["relationships"][number]) =>
    ids.has(spdxElementId) && ids.has(relatedSpdxElement)
  return { ...rest, packages: kept, relationships: relationships.filter(isKept) }
}

function write(name: string, value: unknown): void {
  const path = join(folder, name)
  writeFileSync(path, `${JSON.stringify(value, undefined, 2)}\n`)
  console.log(path)
}
