/**
 * GET /docs: the reference to browse and to try, by Swagger UI. Its files come from this server, so that it works without the
 * internet. All addresses are relative: a proxy or a stage may put a path before those that are known here.
 */
import { html, type Page } from "../page.ts"

/** Where the server has Swagger UI's files. */
export interface ReferenceAssets {
  read(name: AssetName): Promise<Uint8Array>
}

const TYPES = {
  "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
  "swagger-ui.css": "text/css; charset=utf-8",
} as const

export type AssetName = keyof typeof TYPES

/** `version`: the server's. It is part of the files' addresses, since browsers keep them for a year. */
export function referencePages(assets: ReferenceAssets, version: string): readonly Page[] {
  const folder = `docs/assets/${version}`
  const shell = shellOf(folder)
  return [
    { path: "/docs", respond: () => html(shell, ALLOWED) },
    { path: "/docs/reference.js", respond: () => text("text/javascript; charset=utf-8", SCRIPT) },
    { path: "/docs/reference.css", respond: () => text("text/css; charset=utf-8", STYLE) },
    ...Object.entries(TYPES).map(([name, type]) => assetPage(assets, folder, name as AssetName, type)),
  ]
}

function assetPage(assets: ReferenceAssets, folder: string, name: AssetName, type: string): Page {
  return {
    path: `/${folder}/${name}`,
    respond: async () => {
      const body = await assets.read(name)
      return { status: 200, headers: { "content-type": type, "cache-control": FOR_EVER }, body }
    },
  }
}

const FOR_EVER = "public, max-age=31536000, immutable"

function text(type: string, body: string) {
  return { status: 200, headers: { "content-type": type, "cache-control": "no-cache" }, body }
}

/** Swagger UI styles elements one by one and draws its icons from data: addresses. It evaluates no text. */
const ALLOWED = ["script-src 'self'", "style-src 'self' 'unsafe-inline'", "img-src 'self' data:", "connect-src 'self'"]

function shellOf(folder: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Stratalog API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${folder}/swagger-ui.css">
<link rel="stylesheet" href="docs/reference.css">
</head>
<body>
<div id="reference"><noscript>This page needs JavaScript. The same as a document: <a href="openapi.json">openapi.json</a></noscript></div>
<script src="${folder}/swagger-ui-bundle.js"></script>
<script src="docs/reference.js"></script>
</body>
</html>
`
}

/** No validator badge: it would call out. */
const SCRIPT = `SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#reference",
  deepLinking: true,
  tryItOutEnabled: true,
  displayRequestDuration: true,
  defaultModelsExpandDepth: 0,
  docExpansion: "list",
  validatorUrl: null,
})
`

const STYLE = `.swagger-ui .info { margin: 24px 0 8px; }
.swagger-ui .scheme-container { margin: 0; padding: 8px 0; box-shadow: none; background: none; }
.swagger-ui .schemes-server-container { visibility: hidden; }
.swagger-ui .opblock .opblock-summary-path { font-size: 14px; }
`
