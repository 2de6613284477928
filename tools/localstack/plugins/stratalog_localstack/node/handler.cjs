// Finds a handler as the Lambda runtime does, and nothing outside of the function's own code but the AWS SDK.

const fs = require("node:fs")
const Module = require("node:module")
const path = require("node:path")
const { fileURLToPath, pathToFileURL } = require("node:url")

const ROOT = fs.realpathSync(process.env.LAMBDA_TASK_ROOT)

class NamedError extends Error {
  constructor(name, cause) {
    super(String(cause), { cause })
    Object.defineProperty(this, "name", { value: name, enumerable: false })
  }
}

exports.NamedError = NamedError

const isInside = (file) => file.startsWith(`${ROOT}${path.sep}`)

/** On the real service nothing lies above the code. Here a project does, whose packages would hide that one is not bundled. */
function fence() {
  const paths = Module._nodeModulePaths
  Module._nodeModulePaths = (from) => (isInside(`${from}${path.sep}`) ? paths(from).filter(isInside) : paths(from))
  Module.registerHooks({
    resolve: (specifier, context, next) => {
      const parent = context.parentURL?.startsWith("file:") ? fileURLToPath(context.parentURL) : ""
      if (!isInside(parent)) return next(specifier, context)
      const found = findInside(specifier, () => next(specifier, context)) ?? findInSdk(specifier)
      if (found !== undefined) return found
      throw Object.assign(new Error(`Cannot find package '${specifier}'`), { code: "ERR_MODULE_NOT_FOUND" })
    },
  })
}

function findInside(specifier, resolve) {
  try {
    const found = resolve()
    if (!found.url.startsWith("file:") || isInside(fileURLToPath(found.url))) return found
  } catch (error) {
    if (!specifier.startsWith(SDK)) throw error
  }
}

const SDK = "@aws-sdk/"

/** The runtime has the SDK's clients, and the CDK's own functions count on that. Here they are the project's. */
function findInSdk(specifier) {
  const project = process.env.STRATALOG_LAMBDA_SDK
  if (project === undefined || !specifier.startsWith(SDK)) return
  try {
    const file = Module.createRequire(path.join(project, "package.json")).resolve(specifier)
    return { url: pathToFileURL(file).href, format: "commonjs", shortCircuit: true }
  } catch {
    // Not among them.
  }
}

function fileOf(base) {
  const found = [".js", ".mjs", ".cjs"].map((ending) => base + ending).find((file) => fs.existsSync(file))
  if (found === undefined) throw new NamedError("Runtime.ImportModuleError", `Error: Cannot find module '${base}'`)
  return found
}

async function load(file) {
  try {
    return await import(pathToFileURL(file).href)
  } catch (error) {
    if (error instanceof SyntaxError) throw new NamedError("Runtime.UserCodeSyntaxError", error)
    const isMissing = error?.code === "MODULE_NOT_FOUND" || error?.code === "ERR_MODULE_NOT_FOUND"
    throw isMissing ? new NamedError("Runtime.ImportModuleError", error) : error
  }
}

/** `specifier`: such as index.handler, or folder/file.object.method. */
exports.loadHandler = async (specifier = "") => {
  const [, file, expression] = /^((?:.*\/)?[^./]+)\.(.+)$/.exec(specifier) ?? []
  if (file === undefined || specifier.includes("..")) {
    throw new NamedError("Runtime.MalformedHandlerName", `'${specifier}' is not a valid handler name`)
  }
  fence()
  const loaded = await load(fileOf(path.join(ROOT, file)))
  const find = (from) => expression.split(".").reduce((at, name) => at?.[name], from)
  const handler = find(loaded) ?? find(loaded.default)
  if (typeof handler !== "function") {
    throw new NamedError("Runtime.HandlerNotFound", `${specifier} is undefined or no function`)
  }
  if (handler.length >= 3) {
    throw new NamedError("Runtime.CallbackHandlerDeprecated", "Node.js 24 takes no handlers with a callback")
  }
  return handler
}
