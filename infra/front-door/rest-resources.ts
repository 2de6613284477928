/**
 * The routes as a REST API wants them: a tree of resources. It looks for the resource first and for the method then, and
 * refuses what it does not find with an error of its own (403). So each of these takes all other methods too, and whatever is
 * below one and has no name is one itself.
 */
import { type Concern, type Method, routes } from "./routes.ts"

export interface RestResource {
  readonly path: string
  /** The methods that do not go where everything else goes. */
  readonly methods: ReadonlyMap<Method, Concern>
}

/** Parents before their children. */
export function restResources(): readonly RestResource[] {
  const named = new Set(routes.flatMap(({ path }) => ancestors(path)))
  const rest = [...named].filter((path) => !hasVariableChild(path, named) && !path.endsWith("+}"))
  const paths = [...named, ...rest.map((path) => `${path === "/" ? "" : path}/{proxy+}`)]
  return paths.sort().map((path) => ({ path, methods: methodsAt(path) }))
}

/** `/`, `/v1` and so on, and the path itself. */
function ancestors(path: string): readonly string[] {
  const parts = path.split("/").slice(1)
  return ["/", ...parts.map((_, index) => `/${parts.slice(0, index + 1).join("/")}`)]
}

/** Of these a resource has one at the most. */
function hasVariableChild(path: string, named: ReadonlySet<string>): boolean {
  return [...named].some((other) => other.startsWith(`${path === "/" ? "" : path}/{`))
}

function methodsAt(at: string): ReadonlyMap<Method, Concern> {
  const there = routes.filter(({ path }) => path === at)
  return new Map(there.flatMap(({ methods, to }) => methods.map((method) => [method, to] as const)))
}
