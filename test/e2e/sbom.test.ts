import { execFileSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, it } from "vitest"

const root = fileURLToPath(new URL("../../", import.meta.url))

interface Component {
  readonly "bom-ref": string
  readonly name: string
  readonly version: string
  readonly purl: string
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[]
  readonly licenses?: readonly { readonly license?: { readonly id: string }; readonly expression?: string }[]
}

interface CycloneDx {
  readonly bomFormat: string
  readonly specVersion: string
  readonly serialNumber: string
  readonly metadata: { readonly component: Component }
  readonly components: readonly Component[]
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[]
}

interface Spdx {
  readonly spdxVersion: string
  readonly packages: readonly { readonly SPDXID: string; readonly name: string; readonly licenseDeclared: string }[]
  readonly relationships: readonly { readonly spdxElementId: string; readonly relatedSpdxElement: string }[]
}

let folder: string
let cyclonedx: CycloneDx
let spdx: Spdx

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "stratalog-sbom-"))
  execFileSync(process.execPath, [join(root, "tools/supply-chain/sbom.ts"), folder], { cwd: root })
  cyclonedx = read("stratalog.cdx.json")
  spdx = read("stratalog.spdx.json")
}, 120_000)
afterAll(() => rmSync(folder, { recursive: true }))

function read<T>(name: string): T {
  return JSON.parse(readFileSync(join(folder, name), "utf8"))
}

const OWN = ["stratalog", "stratalog-server", "stratalog-cdk"]

/** What the published packages ask for, by their package.json. */
function askedFor(): readonly string[] {
  return ["sdk", "functions", "infra"].flatMap((name) => {
    const manifest: { dependencies?: object } = JSON.parse(readFileSync(join(root, name, "package.json"), "utf8"))
    return Object.keys(manifest.dependencies ?? {})
  })
}

describe("the bill of materials", () => {
  it("is CycloneDX, and refers to nothing that it does not list", () => {
    expect(cyclonedx).toMatchObject({ bomFormat: "CycloneDX", specVersion: expect.stringMatching(/^1\.\d$/) })
    expect(cyclonedx.serialNumber).toMatch(/^urn:uuid:[0-9a-f-]{36}$/)
    const listed = new Set([cyclonedx.metadata.component, ...cyclonedx.components].map((each) => each["bom-ref"]))
    expect(listed.size).toBe(cyclonedx.components.length + 1)
    for (const { ref, dependsOn } of cyclonedx.dependencies) {
      expect([ref, ...dependsOn].filter((each) => !listed.has(each))).toEqual([])
    }
  })

  it("has every production dependency with version, checksum and licence, and none of development", () => {
    const names = new Set(cyclonedx.components.map(({ name }) => name))
    expect([...OWN, ...askedFor()].filter((name) => !names.has(name))).toEqual([])
    for (const name of ["vitest", "typescript", "esbuild", "@biomejs/biome"]) expect(names).not.toContain(name)
    for (const { name, version, purl, hashes = [], licenses = [] } of cyclonedx.components) {
      expect(decodeURIComponent(purl)).toBe(`pkg:npm/${name}@${version}`)
      expect(licenses, name).toHaveLength(1)
      if (!OWN.includes(name)) expect(hashes[0]?.content, name).toMatch(/^[0-9a-f]{128}$/)
    }
  })

  it("says the same as SPDX", () => {
    expect(spdx.spdxVersion).toBe("SPDX-2.3")
    const named = (names: readonly string[]) => [...new Set(names)].sort()
    const { component } = cyclonedx.metadata
    expect(named(spdx.packages.map(({ name }) => name))).toEqual(
      named([component, ...cyclonedx.components].map(({ name }) => name)),
    )
    for (const { name, licenseDeclared } of spdx.packages) expect(licenseDeclared, name).not.toBe("NOASSERTION")
    const ids = new Set(["SPDXRef-DOCUMENT", ...spdx.packages.map(({ SPDXID }) => SPDXID)])
    const dangling = spdx.relationships.flatMap(({ spdxElementId, relatedSpdxElement }) =>
      [spdxElementId, relatedSpdxElement].filter((id) => !ids.has(id)),
    )
    expect(dangling).toEqual([])
  })
})
