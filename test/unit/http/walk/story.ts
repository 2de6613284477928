/** The requests of the walk: those of the API document's examples, in the order of their story, and what they take. */
import { type Route, routes } from "stratalog/protocol"
import { type Example, examples } from "../../../../functions/http/openapi/examples.ts"

export interface Step {
  readonly route: Route
  readonly example: Example
}

const table: Readonly<Record<string, Route>> = routes

/** Those that take nothing, and so have no example, come first. */
export const story: readonly Step[] = [
  ...Object.values(table)
    .filter(({ id }) => examples[id] === undefined)
    .map((route) => ({ route, example: { status: 200 } })),
  ...Object.entries(examples).flatMap(([id, example]): Step[] => {
    const route = table[id]
    if (example === undefined) return []
    if (route === undefined) throw new Error(`an example of ${id}, which is no route`)
    return [{ route, example }]
  }),
]

/**
 * Further requests that change nothing, for permissions that the example does not touch: a route's requests together need all
 * that its description says.
 */
const further: Readonly<Record<string, readonly Example[]>> = {
  alterTopic: [{ params: { topic: "orders" }, body: { partitions: 3 }, status: 200 }],
}

/** With what of `access` it needs. */
export function requestsOf({ route, example }: Step): readonly Example[] {
  return [example, ...(further[route.id] ?? [])]
}

export function pathOf(route: Route, { params = {}, query = {} }: Example): string {
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? "")
  const search = new URLSearchParams(query).toString()
  return search === "" ? path : `${path}?${search}`
}

/** `read topic orders`: what the route's description says, of what the example names. */
export function neededFor({ route, example }: Step): readonly string[] {
  if (typeof route.access === "string") return []
  return route.access.map((permission) => {
    const type = permission.split(" ")[1]
    const name = type === "topic" ? "orders" : type === "group" ? example.params?.["group"] : "stratalog"
    return `${permission} ${name}`
  })
}

/** What answers hold only for those who may describe it. */
const shown: Readonly<Record<string, readonly string[]>> = {
  listTopics: ["describe topic orders"],
  listGroups: ["describe group billing", "describe group shipping"],
  describeGroup: ["describe topic orders"],
  groupLag: ["describe topic orders"],
}

export function shownFor({ route }: Step): readonly string[] {
  return shown[route.id] ?? []
}
