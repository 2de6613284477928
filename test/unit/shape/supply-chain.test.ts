/** What comes into the product from others: under which licences, in which versions, and what a release says of itself. */
import { readFileSync } from "node:fs"
import { describe, expect, it } from "vitest"

interface Manifest {
  readonly name: string
  readonly private?: boolean
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly publishConfig?: { readonly provenance?: boolean; readonly access?: string }
}

interface Locked {
  readonly version?: string
  readonly license?: string
  readonly integrity?: string
  readonly resolved?: string
  readonly dev?: boolean
  readonly devOptional?: boolean
  readonly link?: boolean
  /** Lies within another package, whose checksum holds for it, too. */
  readonly inBundle?: boolean
}

const read = <T>(path: string): T => JSON.parse(readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8"))
const lock: { packages: Readonly<Record<string, Locked>> } = read("package-lock.json")
const published = ["sdk", "functions", "infra"].map((folder) => read<Manifest>(`${folder}/package.json`))
const manifests = [read<Manifest>("package.json"), ...published]

/** Those that go along with the published packages. */
const production = Object.entries(lock.packages).filter(
  ([path, { dev, devOptional, link }]) => path.includes("node_modules/") && !dev && !devOptional && !link,
)

/** Licences that ask for no more than to be named. */
const ALLOWED = ["0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BlueOak-1.0.0", "ISC", "MIT", "Unlicense"]

/** npm's packages of Node itself, which the start command of this repository runs on; they say nothing in the lock file. */
const NODE = /node_modules\/node-(bin-)?(darwin|linux|win)-/

function isAllowed(license: string): boolean {
  const expression = license.replace(/^\(|\)$/g, "")
  if (expression.includes(" OR ")) return expression.split(" OR ").some(isAllowed)
  return expression.split(" AND ").every((each) => ALLOWED.includes(each))
}

describe("what goes along with the packages", () => {
  it("is there to be looked at", () => {
    expect(production.length).toBeGreaterThan(50)
  })

  it("is under a licence of the list", () => {
    const others = production.filter(([path, { license }]) => !NODE.test(path) && !isAllowed(license ?? "none"))
    expect(others.map(([path, { license }]) => `${path}: ${license}`)).toEqual([])
    expect(isAllowed("GPL-3.0-only")).toBe(false)
    expect(isAllowed("MIT AND GPL-3.0-only")).toBe(false)
    expect(isAllowed("(MIT OR GPL-3.0-only)")).toBe(true)
  })
})

describe("every package of others", () => {
  it("is asked for by its exact version", () => {
    const loose = manifests.flatMap(({ name, dependencies, devDependencies, optionalDependencies }) =>
      Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })
        .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
        .map(([dependency, version]) => `${name}: ${dependency} ${version}`),
    )
    expect(loose).toEqual([])
  })

  it("is locked by a checksum", () => {
    const others = Object.entries(lock.packages).filter(
      ([path, { link, inBundle }]) => path.includes("node_modules/") && !link && !inBundle,
    )
    expect(others.filter(([, { integrity }]) => !integrity?.startsWith("sha512-")).map(([path]) => path)).toEqual([])
  })
})

describe("every published package", () => {
  it.each(published)("$name is published with its provenance", ({ private: isPrivate, publishConfig }) => {
    expect(isPrivate).toBeUndefined()
    expect(publishConfig).toEqual({ access: "public", provenance: true })
  })
})
