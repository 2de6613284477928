/**
 * Imports from the index files of the AWS SDK lead straight to the files that have what is imported. esbuild puts a file into what
 * is loaded at once if any chain of imports leads there, whether or not anything of it is used there: through an index file,
 * S3's XML would be loaded with DynamoDB's client.
 */
import { readFileSync } from "node:fs"
import { dirname, relative } from "node:path"
import type { OnResolveArgs, OnResolveResult, Plugin, PluginBuild } from "esbuild"

const OF_AWS = /^@(aws-sdk|smithy)\//

/** Some names of an index file, and what of it is its own code. */
const NAMESPACE = "straight"

/** An index file that says by name where everything comes from. */
interface Index {
  readonly path: string
  /** By the name that it exports: the file that it comes from, and the name there. */
  readonly elsewhere: ReadonlyMap<string, { readonly from: string; readonly name: string }>
  /** Everything but what it passes on. */
  readonly own: string
}

export const straightImports: Plugin = {
  name: "straight-imports",
  setup(build) {
    const indices = new Map<string, Index | undefined>()
    const sources = new Map<string, string>()
    const sourceOf = (key: string) => sources.get(key) ?? keep(sources, key, readFileSync(key, "utf8"))
    const indexAt = (path: string) => {
      if (!indices.has(path)) indices.set(path, readIndex(path, readFileSync(path, "utf8")))
      return indices.get(path)
    }
    // The bundle shall not depend on where the project lies.
    const { absWorkingDir = process.cwd() } = build.initialOptions
    const virtual = ({ path: of }: Index, names: string, source: string): OnResolveResult => {
      const path = `${relative(absWorkingDir, of)}?${names}`
      sources.set(path, source)
      return { path, namespace: NAMESPACE, pluginData: dirname(of), sideEffects: false }
    }
    build.onResolve({ filter: OF_AWS }, async (args) => {
      if (args.pluginData === SEEN || args.kind !== "import-statement") return undefined
      const found = await resolved(build, args)
      const index = /\.js$/.test(found) ? indexAt(found) : undefined
      const names = index && namesFrom(args.path, sourceOf(args.importer))
      if (index === undefined || names === undefined) return undefined
      return virtual(index, names.join("&"), some(index, names))
    })
    build.onResolve({ filter: /^own:/, namespace: NAMESPACE }, ({ path: asked }) => {
      const index = indexAt(asked.slice("own:".length))
      return index && virtual(index, "(own)", index.own)
    })
    build.onLoad({ filter: /.*/, namespace: NAMESPACE }, ({ path, pluginData: resolveDir }) => {
      return { contents: sourceOf(path), resolveDir }
    })
  },
}

const SEEN = "seen"

async function resolved(build: PluginBuild, { path, importer, resolveDir, kind }: OnResolveArgs): Promise<string> {
  return (await build.resolve(path, { importer, resolveDir, kind, pluginData: SEEN })).path
}

function keep(all: Map<string, string>, key: string, source: string): string {
  all.set(key, source)
  return source
}

/** Statements as TypeScript's compiler writes them: `export { a, b as c } from "./d";`. */
const PASSED_ON = /^export \{([^}]*)\} from "([^"]+)";$/gm

/** Undefined for what passes nothing on, or all that another file has: nobody could tell what that is. */
function readIndex(path: string, source: string): Index | undefined {
  const statements = [...source.matchAll(PASSED_ON)]
  if (statements.length === 0 || /^export \*/m.test(source)) return undefined
  const elsewhere = statements.flatMap(([, names = "", from = ""]) =>
    pairs(names).map(([name, as]) => [as, { from, name }] as const),
  )
  return { path, elsewhere: new Map(elsewhere), own: source.replace(PASSED_ON, "") }
}

/** `a, b as c` -> [[a, a], [b, c]]. */
function pairs(names: string): readonly (readonly [string, string])[] {
  return names
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "")
    .map((each) => {
      const [name = "", as = name] = each.split(/ as /)
      return [name, as]
    })
}

/** What a file takes from there; undefined where it takes all. */
function namesFrom(specifier: string, source: string): readonly string[] | undefined {
  const statement = /^(?:import|export) (\{[^}]*\}|[^{;"]*) from "([^"]+)";$/gm
  const taken = [...source.matchAll(statement)].filter(([, , from]) => from === specifier)
  const names = taken.map(([, each = ""]) => (each.startsWith("{") ? pairs(each.slice(1, -1)) : undefined))
  if (taken.length === 0 || names.includes(undefined)) return undefined
  return [...new Set(names.flatMap((each) => each ?? []).map(([name]) => name))].sort()
}

function some({ path, elsewhere }: Index, names: readonly string[]): string {
  const lines = names.map((name) => {
    const found = elsewhere.get(name)
    if (found === undefined) return `export { ${name} } from "own:${path}";`
    return `export { ${found.name} as ${name} } from "${found.from}";`
  })
  return lines.join("\n")
}
