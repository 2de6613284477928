/** GET /docs/errors: every error of the API. `type` of a problem points to its line here. */
import { type ErrorCode, type ErrorKind, errorKinds } from "stratalog/protocol"
import { html, type Page } from "../page.ts"
import { inlineHtml } from "./markup.ts"

export const errorsPage: Page = {
  path: "/docs/errors",
  respond: () => html(page, ["style-src 'unsafe-inline'"]),
}

const STYLE = `
:root { color-scheme: light dark; --line: #8884; --mark: #fd06; }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 70rem; margin: 2rem auto; padding: 0 1rem; }
code { font: 0.9em ui-monospace, monospace; }
table { border-collapse: collapse; width: 100%; margin-top: 1.5rem; }
th, td { text-align: left; vertical-align: top; padding: 0.5rem 0.75rem; border-bottom: 1px solid var(--line); }
td:nth-child(-n+4) { white-space: nowrap; }
tr:target { background: var(--mark); }
td a { color: inherit; text-decoration: none; }
td a:hover { text-decoration: underline; }
@media (max-width: 45rem) { th:nth-child(n+3):nth-child(-n+4), td:nth-child(n+3):nth-child(-n+4) { display: none; } }
`

function row([code, kind]: [string, ErrorKind]): string {
  const { status, title, retryable, sideEffects, help } = kind
  return `<tr id="${code}"><td><a href="#${code}"><code>${code}</code></a></td><td>${status}</td><td>${retryable ? "yes" : "no"}</td><td>${sideEffects}</td><td><strong>${inlineHtml(title)}.</strong> ${inlineHtml(help)}</td></tr>`
}

const rows = Object.entries<ErrorKind>(errorKinds satisfies Record<ErrorCode, ErrorKind>).map(row)

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Errors · Stratalog</title>
<style>${STYLE}</style>
</head>
<body>
<h1>Errors</h1>
<p>An error answer is <code>application/problem+json</code> (RFC 9457). Decide by <code>code</code>; <code>detail</code> is a
sentence for people and may change. The calls are described in the <a href="../docs">API reference</a>.</p>
<ul>
<li><strong>Retry: yes</strong> means that the same request may succeed later; <code>Retry-After</code> says when, where it is known.</li>
<li><strong>Side effects: none</strong> means that nothing happened and nothing will. <strong>unknown</strong> means that a write may have
taken effect; with a producer id and sequence, sending it again is safe.</li>
</ul>
<table>
<thead><tr><th>Code</th><th>Status</th><th>Retry</th><th>Side effects</th><th>Meaning</th></tr></thead>
<tbody>
${rows.join("\n")}
</tbody>
</table>
</body>
</html>
`
