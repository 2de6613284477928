/** What a person sees who starts the server: where it is, who may call, and what to try next. */
import { FIRST_PRINCIPAL } from "../access/first-key.ts"
import type { Served } from "./serve.ts"

export function greeting(server: Pick<Served, "url" | "auth" | "firstKey" | "warning">, place: string): string {
  const { url, auth, warning } = server
  const parts = [
    `Stratalog serves ${url}  (data in ${place}; docs at ${url}/docs; stop with Ctrl-C)`,
    ...(warning === undefined ? [] : [`WARNING: ${warning}`]),
    ...keyText(server),
    `Try it, in another terminal:\n\n${calls(url, auth === "required").join("\n")}`,
  ]
  return `${parts.join("\n\n")}\n`
}

function keyText({ auth, firstKey }: Pick<Served, "auth" | "firstKey">): readonly string[] {
  if (auth === "off") return []
  if (firstKey === undefined) return ["Callers need an API key, in STRATALOG_API_KEY here."]
  return [
    `Callers need an API key. This is the first, of the super-user ${FIRST_PRINCIPAL}. It is shown this once: keep it.`,
    `  export STRATALOG_API_KEY=${firstKey}`,
    "With it you make keys for others (strata key create, docs/access.md). Where it is lost, start with STRATALOG_SUPER_KEY.",
  ]
}

function calls(url: string, withKey: boolean): readonly string[] {
  const key = withKey ? ` -H "Authorization: Bearer $STRATALOG_API_KEY"` : ""
  return [
    `  curl -X PUT ${url}/v1/topics/orders --json '{"partitions":3}'${key}`,
    `  curl ${url}/v1/topics/orders/records --json '{"records":[{"key":"u1","value":{"qty":2}}]}'${key}`,
    `  curl '${url}/v1/topics/orders/partitions/1/records?offset=earliest&wait=10s'${key}`,
    `  curl -N -H 'Accept: text/event-stream' '${url}/v1/topics/orders/partitions/1/records'${key}`,
  ]
}
