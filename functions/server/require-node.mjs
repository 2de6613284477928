// Loaded with --import before anything in TypeScript, so that an old Node meets a sentence and not a syntax error.
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number)
if (major < 24) {
  console.error(
    `Stratalog's server needs Node 24 or later; this is ${major}.${minor}. \`npm ci\` brings Node 24 along as an optional dependency: ` +
      "run it without --omit=optional, then use the npm scripts (npm start, npm test); or install Node 24 yourself.",
  )
  process.exit(1)
}
