/** The settings of a deployment, from the interfaces that the constructs take. */
import { readdirSync, readFileSync } from "node:fs"
import { cell, table } from "./markdown.ts"
import { withSection } from "./sections.ts"

export interface Setting {
  /** Several where one text is about all of them. */
  readonly names: readonly string[]
  /** As TypeScript writes it. */
  readonly type: string
  readonly text: string
}

const infra = new URL("../../infra/", import.meta.url)

/** What people choose first comes first. */
const ORDER = [
  "AccessSettings",
  "FrontDoorSettings",
  "DomainSettings",
  "UpkeepSettings",
  "ServiceSettings",
  "WatchSettings",
  "FunctionSettings",
]
const INTERFACE = /\nexport interface (?<name>\w+Settings)\b[^{]*\{\n(?<body>.*?)\n\}/gs

/** Of all the interfaces in infra whose names end in `Settings`: together they are `StratalogSettings`. */
export function deploymentSettings(): readonly Setting[] {
  const found = readdirSync(infra, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts") && !/^(dist|node_modules)\//.test(file))
    .sort()
    .flatMap((file) => [...readFileSync(new URL(file, infra), "utf8").matchAll(INTERFACE)])
  const rank = (name: string) => (ORDER.includes(name) ? ORDER.indexOf(name) : ORDER.length)
  return found
    .map(({ groups }) => ({ name: groups?.["name"] ?? "", body: groups?.["body"] ?? "" }))
    .sort((one, other) => rank(one.name) - rank(other.name))
    .flatMap(({ body }) => settingsIn(body))
}

const PROPERTY = /(?:\/\*\*(?<text>.*?)\*\/\s*)?readonly (?<name>\w+)\?: (?<type>[^\n]+?)(?: \| undefined)?(?:\n|$)/gs

function settingsIn(body: string): readonly Setting[] {
  const settings: Setting[] = []
  for (const { groups = {} } of body.matchAll(PROPERTY)) {
    const { name = "", type = "", text } = groups
    const above = settings.at(-1)
    if (text === undefined && above !== undefined) settings.splice(-1, 1, { ...above, names: [...above.names, name] })
    else settings.push({ names: [name], type, text: sentences(text ?? "") })
  }
  return settings
}

function sentences(comment: string): string {
  return comment
    .replace(/\n\s*\*/g, " ")
    .replace(/\s+/g, " ")
    .trim()
}

function settingsTable(): string {
  const rows = deploymentSettings().map(({ names, type, text }) => [
    names.map((name) => `\`${name}\``).join(", "),
    cell(values(type)),
    cell(text),
  ])
  return table(["setting", "values", ""], rows)
}

/** In words where there is one. */
function values(type: string): string {
  if (type === "boolean") return "`true`, `false`"
  if (type === "number") return "a number"
  if (type === "string") return "a text"
  if (type === "ByFunction") return "numbers by function; `produce:100,poll:50` after `-c`"
  if (type === "AlarmsSetting") return "`on`, an e-mail address, actions"
  if (type === "LagThresholds") return "records by group; `billing:10000,shipping:500` after `-c`"
  if (type === "EncryptionKeySetting") return "`new`, an ARN, a key"
  if (type === "readonly string[]") return "texts; with commas between them after `-c`"
  return type
    .split(" | ")
    .map((value) => `\`${value.replaceAll('"', "")}\``)
    .join(", ")
}

/** docs/deploy.md and the README of the package with the table in them. */
export function deploymentDocuments(): Readonly<Record<string, string>> {
  const made = ["deploy.md", "../infra/README.md"].map((name) => {
    const written = readFileSync(new URL(`../${name}`, import.meta.url), "utf8")
    return [name, withSection(written, name, "settings", settingsTable())] as const
  })
  return Object.fromEntries(made)
}
