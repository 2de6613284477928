/** docs/configuration.md: the configuration of topics. */
import { topicConfigDefaults, topicConfigSchema } from "stratalog/protocol"
import * as z from "zod/mini"
import { Fields, type Schema } from "./fields.ts"
import { cell, table } from "./markdown.ts"

export function configurationMarkdown(): string {
  const { properties = {} } = z.toJSONSchema(topicConfigSchema) as Schema
  const fields = new Fields(new Map())
  const defaults = new Map<string, string | number>(Object.entries(topicConfigDefaults))
  const rows = Object.entries(properties).map(([name, schema]) => [
    `\`${name}\``,
    fields.typeOf(schema),
    `\`${defaults.get(name)}\``,
    cell(schema.description ?? ""),
  ])
  return `${INTRODUCTION}\n\n${table(["Name", "Values", "Default", "Meaning"], rows)}\n`
}

const INTRODUCTION = `# Topic configuration

Made by \`npm run docs\` from \`sdk/protocol/topic-config.ts\`. The names are Kafka's; \`placement\` is the only one of our own.

Set it when a topic is created, or later:

\`\`\`sh
curl -X PUT   http://127.0.0.1:8080/v1/topics/orders --json '{"partitions":3,"config":{"cleanup.policy":"compact"}}'
curl -X PATCH http://127.0.0.1:8080/v1/topics/orders --json '{"config":{"retention.ms":86400000}}'
\`\`\`

\`null\` in a PATCH takes a value back to its default. A topic's \`overrides\` tell what was set on purpose.`
