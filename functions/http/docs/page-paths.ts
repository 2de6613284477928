/** The paths of the pages for people, for whoever loads those when one is first asked for. `version`: the server's. */
export function documentPaths(version: string): readonly string[] {
  const assets = ["swagger-ui-bundle.js", "swagger-ui.css"].map((name) => `/docs/assets/${version}/${name}`)
  return ["/docs/errors", "/docs", "/docs/reference.js", "/docs/reference.css", ...assets]
}
