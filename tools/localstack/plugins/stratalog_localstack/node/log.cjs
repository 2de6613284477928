// Log lines as the Lambda runtime writes them.

const util = require("node:util")

const LOG_MARK = "\u0000stratalog-end "
const LEVELS = { log: "INFO", info: "INFO", debug: "DEBUG", warn: "WARN", error: "ERROR", trace: "TRACE" }
const isJson = process.env.AWS_LAMBDA_LOG_FORMAT === "JSON"
const write = process.stdout.write.bind(process.stdout)

let requestId

function logLine(level, message) {
  const timestamp = new Date().toISOString()
  if (isJson) write(`${JSON.stringify({ timestamp, level, requestId, message })}\n`)
  // One event to a call, whatever line breaks it holds.
  else write(`${timestamp}\t${requestId}\t${level}\t${message.replace(/\n/g, "\r")}\n`)
}

for (const [method, level] of Object.entries(LEVELS)) {
  console[method] = (...args) => logLine(level, util.format(...args))
}

exports.begin = (id) => {
  requestId = id
}

exports.end = (id) => {
  write(`${LOG_MARK}${id}\n`)
  requestId = undefined
}

exports.errorBody = (error) => {
  if (!util.types.isNativeError(error)) {
    return { errorType: typeof error, errorMessage: util.format(error ?? ""), trace: [] }
  }
  return {
    errorType: error.name || "Error",
    errorMessage: error.message || "",
    trace: String(error.stack || "").split("\n"),
  }
}

exports.logError = (label, error) => {
  const { trace, ...shown } = exports.errorBody(error)
  logLine("ERROR", `${label} \t${JSON.stringify({ ...shown, stack: trace })}`)
}
