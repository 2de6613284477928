/** docs/errors.md: every error of the HTTP API. */
import { type ErrorKind, errorKinds } from "stratalog/protocol"
import { cell, table } from "./markdown.ts"

export function errorsMarkdown(): string {
  const rows = Object.entries<ErrorKind>(errorKinds).map(([code, { status, title, retryable, sideEffects, help }]) => [
    `<a id="${code}"></a>\`${code}\``,
    `${status}`,
    retryable ? "yes" : "no",
    sideEffects,
    `**${title}.** ${cell(help)}`,
  ])
  return `${INTRODUCTION}\n\n${table(["Code", "Status", "Retry", "Side effects", "Meaning"], rows)}\n`
}

const INTRODUCTION = `# Errors

Made by \`npm run docs\` from the table of errors (\`sdk/protocol/errors.ts\`). A server has the same at \`/docs/errors\`.

An error answer is \`application/problem+json\` (RFC 9457). Decide by \`code\`; \`detail\` is a sentence for people and may change.
*Retry* says that the same request may succeed later; \`Retry-After\` says when, where it is known. *Side effects*: \`none\` means that
nothing happened and nothing will; \`unknown\` that a write may have taken effect.`
