/** docs/api.md: every call of the HTTP API, from its OpenAPI document. */
import { bodyErrors, commonErrors, type ErrorCode, type Route } from "stratalog/protocol"
import { openApiDocument } from "../../functions/http/openapi/document.ts"
import { errorsOf } from "../../functions/http/openapi/errors.ts"
import { type Example, examples } from "../../functions/http/openapi/examples.ts"
import { type Field, Fields, type Schema } from "./fields.ts"
import { cell, table } from "./markdown.ts"

interface Operation {
  readonly operationId: string
  readonly parameters?: readonly {
    readonly name: string
    readonly in: string
    readonly schema: Schema
    readonly description?: string
  }[]
  readonly requestBody?: { readonly required: boolean; readonly content: Content }
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>
}

type Content = Readonly<Record<string, { readonly schema: Schema }>>

export function apiMarkdown(routes: readonly Route[], version: string): string {
  const document = openApiDocument(routes, version)
  const schemas = Object.entries(document.components?.schemas ?? {})
  const fields = new Fields(new Map(schemas.map(([name]) => [name, ELSEWHERE[name] ?? `#${name.toLowerCase()}`])))
  const operations = Object.values(document.paths ?? {}).flatMap((item) => Object.values(item) as Operation[])
  const sections = (document.tags ?? []).map(({ name, description }) => {
    const calls = operations.flatMap((operation) => {
      const route = routes.find(({ id, tag }) => id === operation.operationId && tag === name)
      return route === undefined ? [] : [call(route, operation, fields)]
    })
    return [`## ${name}`, `${description}.`, ...calls].join("\n\n")
  })
  const objects = schemas
    .filter(([name]) => ELSEWHERE[name] === undefined)
    .map(([name, schema]) => `### ${name}\n\n${fieldTable(fields.of(schema as Schema))}`)
  return `${[INTRODUCTION, ...sections, "## Objects", ...objects].join("\n\n")}\n`
}

/** Schemas that have a document of their own. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  Problem: "errors.md",
  TopicConfig: "configuration.md",
  TopicConfigPatch: "configuration.md",
}

function links(codes: readonly ErrorCode[]): string {
  return codes.map((code) => `[\`${code}\`](errors.md#${code})`).join(", ")
}

const INTRODUCTION = `# The HTTP API

Made by \`npm run docs\` from the table of routes (\`sdk/protocol/routes\`). A server has the same to browse and to try at \`/docs\`,
and as an OpenAPI 3.1 document at \`/openapi.json\` (here: [openapi.json](openapi.json)).

Bodies are JSON in UTF-8; \`Content-Encoding: gzip\` and \`zstd\` are understood. Unknown fields and parameters are refused by name.
Timestamps are epoch milliseconds, sizes bytes, offsets integers below 2^53; durations in queries are \`10s\`, \`500ms\` or milliseconds.
Answers may get more fields in time; clients have to let them pass.

Errors are problem+json (RFC 9457): [errors.md](errors.md). Any call may answer ${links(commonErrors)}; those with a body
${links(bodyErrors)}. What else a call may answer stands with it.`

function call(route: Route, operation: Operation, fields: Fields): string {
  const general = new Set<ErrorCode>([...commonErrors, ...bodyErrors])
  const own = errorsOf(route).filter((code) => !general.has(code))
  return join(
    `### ${route.summary}`,
    `\`${route.method} ${route.path}\``,
    route.description,
    parameters(operation, fields),
    body(operation, fields),
    answers(route, operation, fields),
    own.length === 0 ? "" : `Errors: ${links(own)}`,
    example(route, examples[route.id]),
  )
}

function parameters({ parameters = [] }: Operation, fields: Fields): string {
  const rows = parameters.map(({ name, in: where, schema, description }) => {
    return [`\`${name}\``, where, fields.typeOf(schema), cell(description ?? "")]
  })
  return table(["Parameter", "In", "Type", "Meaning"], rows)
}

function body({ requestBody }: Operation, fields: Fields): string {
  if (requestBody === undefined) return ""
  const intro = `Body${requestBody.required ? "" : " (may be left out)"}: ${contents(requestBody.content, fields)}`
  return join(intro, fieldTable(fields.of(jsonOf(requestBody.content) ?? {}), "required"))
}

function answers(route: Route, operation: Operation, fields: Fields): string {
  return Object.entries(route.responses)
    .map(([status, { description, headers = {} }]) => {
      const content = operation.responses[status]?.content ?? {}
      const rows = Object.entries(headers).map(([name, meaning]) => [`\`${name}\``, cell(meaning)])
      const types = contents(content, fields)
      return join(
        `**${status}** ${description}${types === "" ? "" : `: ${types}`}`,
        fieldTable(fields.of(jsonOf(content) ?? {})),
        table(["Header", "Meaning"], rows),
      )
    })
    .join("\n\n")
}

/** The media types; of JSON, the object that it is. */
function contents(content: Content, fields: Fields): string {
  return Object.entries(content)
    .map(([type, { schema }]) => (schema.$ref === undefined ? `\`${type}\`` : fields.typeOf(schema)))
    .join(", ")
}

function jsonOf(content: Content): Schema | undefined {
  return content["application/json"]?.schema
}

function join(...parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join("\n\n")
}

function fieldTable(rows: readonly Field[], mark?: "required"): string {
  const described = rows.map(({ path, type, required, meaning }) => {
    return [`\`${path}\`${mark && required ? " (required)" : ""}`, type, cell(meaning)]
  })
  return table(["Field", "Type", "Meaning"], described)
}

/** Lines that are longer are broken up. */
const LINE = 120

function example(route: Route, played: Example | undefined): string {
  if (played === undefined) return ""
  const { params = {}, query = {}, body: sent, answer } = played
  const path = route.path.replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? "")
  const search = Object.keys(query).length === 0 ? "" : `?${new URLSearchParams(query)}`
  const data = sent === undefined ? "" : ` --json '${JSON.stringify(sent)}'`
  const method = route.method === "GET" ? "" : `-X ${route.method} `
  const lines = [`curl ${method}'http://127.0.0.1:8080${path}${search}'${data}`]
  const text = JSON.stringify(answer)
  if (text !== undefined) lines.push(text.length > LINE ? JSON.stringify(answer, undefined, 2) : text)
  return `\`\`\`sh\n${lines.join("\n")}\n\`\`\``
}
