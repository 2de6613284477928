/**
 * Which function API Gateway chooses, by the rules of its documents ("Create routes for HTTP APIs", "Important notes"), over
 * the routes that the stack makes.
 */
import { type RestResource, restResources } from "../../../infra/front-door/rest-resources.ts"
import {
  type Concern,
  OTHERWISE,
  OTHERWISE_WHOLE,
  PREFLIGHTS,
  type Route,
  routes,
} from "../../../infra/front-door/routes.ts"

export interface Chosen {
  readonly to: Concern
  /** Without a signature. */
  readonly open: boolean
}

/** `path` percent-decoded, as an HTTP API compares it. `parameters`: what stands in the route's variables. */
export function httpApiRoute(
  method: string,
  path: string,
): Chosen & { readonly parameters: Readonly<Record<string, string>> } {
  const all = [...routes, PREFLIGHTS].filter(({ methods }) => methods.some((each) => each === method))
  const found = mostSpecific(all.filter((route) => matches(route.path, path)))
  const parameters = parametersOf(found?.path ?? (matches(OTHERWISE_WHOLE, path) ? OTHERWISE_WHOLE : "/"), path)
  return { to: found?.to ?? OTHERWISE, open: found === PREFLIGHTS, parameters }
}

/** `path` as it was sent, without the stage. Undefined: 403, "Missing Authentication Token". */
export function restApiRoute(method: string, path: string): Chosen | undefined {
  const known = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"].find((each) => each === method)
  // A slash at the end makes no other resource.
  const resource = resourceAt(path.replace(/(?<=.)\/$/, ""))
  if (known === undefined || resource === undefined) return undefined
  const own = [...resource.methods].find(([each]) => each === known)
  const open = PREFLIGHTS.methods.some((each) => each === known)
  return { to: own?.[1] ?? OTHERWISE, open }
}

/** Down the tree, and never back: the strictest reading of the documents. */
function resourceAt(path: string): RestResource | undefined {
  const all = new Map(restResources().map((resource) => [resource.path, resource]))
  let at = "/"
  for (const part of path === "/" ? [] : path.split("/").slice(1)) {
    const prefix = at === "/" ? "" : at
    const children = [...all.keys()].filter((each) => each !== "/" && each.slice(0, each.lastIndexOf("/")) === prefix)
    const next =
      children.find((each) => each === `${prefix}/${part}`) ??
      children.find((each) => each.includes("{", prefix.length))
    if (next === undefined) return undefined
    if (next.endsWith("+}")) return all.get(next)
    at = next
  }
  return all.get(at)
}

function parametersOf(template: string, path: string): Readonly<Record<string, string>> {
  const parts = path.split("/")
  const found = template.split("/").flatMap((part, index) => {
    const [, name, greedy] = /^\{(\w+)(\+?)\}$/.exec(part) ?? []
    if (name === undefined) return []
    return [[name, greedy === "+" ? parts.slice(index).join("/") : (parts[index] ?? "")] as const]
  })
  return Object.fromEntries(found)
}

function matches(template: string, path: string): boolean {
  const wanted = template.split("/")
  const parts = path.split("/")
  const greedy = template.endsWith("+}")
  if (greedy ? parts.length < wanted.length : parts.length !== wanted.length) return false
  return wanted.every((part, index) => (part.startsWith("{") ? parts[index] !== "" : part === parts[index]))
}

/** Part by part: one that is named before one that varies, and that before one that takes all that are left. */
function mostSpecific(all: readonly Route[]): Route | undefined {
  return all.toSorted((a, b) => (rank(a.path) < rank(b.path) ? -1 : 1))[0]
}

function rank(template: string): string {
  const parts = template.split("/")
  return parts.map((part) => (part.endsWith("+}") ? "2" : part.startsWith("{") ? "1" : "0")).join("")
}
