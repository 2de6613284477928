/** The server, loaded only by the commands that need it: the client works without it, and on older versions of Node. */
import { exitCodes } from "./exit-codes.ts"
import { Failure } from "./failure.ts"

const SERVER_PACKAGE: string = "stratalog-server"
const OLDEST_NODE = 24

/** An export of the server package that is a function; fails with what to install where it is missing. */
export async function serverFunction(name: string): Promise<(...args: readonly unknown[]) => unknown> {
  requireNode()
  const loaded = await load()
  const exported: unknown = loaded[name]
  if (typeof exported === "function") return (...args) => exported(...args)
  throw missing(`The installed ${SERVER_PACKAGE} has no ${name}: its version does not go with this command.`)
}

async function load(): Promise<Readonly<Record<string, unknown>>> {
  try {
    import.meta.resolve(SERVER_PACKAGE)
  } catch (error) {
    throw missing(`This command needs the package ${SERVER_PACKAGE}, which is not installed.`, error)
  }
  return await import(SERVER_PACKAGE)
}

function requireNode(): void {
  const major = Number(process.versions.node.split(".")[0])
  if (major >= OLDEST_NODE) return
  throw new Failure(exitCodes.refused, {
    code: "old_node",
    detail: `This command needs Node ${OLDEST_NODE} or later; this is ${process.versions.node}.`,
    advice: "Install a newer Node; in the repository, `npm run strata --` brings its own.",
  })
}

function missing(detail: string, cause?: unknown): Failure {
  return new Failure(
    exitCodes.refused,
    { code: "server_missing", detail, advice: `Install it: npm install ${SERVER_PACKAGE}` },
    { cause },
  )
}
