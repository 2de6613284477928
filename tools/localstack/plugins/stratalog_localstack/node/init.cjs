// Runs one Lambda environment: loads the handler that _HANDLER names, then takes one invocation at a time.

const { input, onMessage, send } = require("./pipes.cjs")
const { redirectReplies } = require("./custom-resources.cjs")
const { loadHandler, NamedError } = require("./handler.cjs")
const { begin, end, errorBody, logError } = require("./log.cjs")

/** The invocation under way. */
let current

function finish(invocation, type, body) {
  if (invocation !== current) return
  current = undefined
  end(invocation.id)
  input.ref()
  send({ type, id: invocation.id, body })
}

function fail(invocation, error, label = "Invoke Error") {
  if (invocation !== current) return
  logError(label, error)
  finish(invocation, "error", JSON.stringify(errorBody(error)))
}

function succeed(invocation, value) {
  try {
    finish(invocation, "result", JSON.stringify(value ?? null) ?? "null")
  } catch (error) {
    fail(invocation, new NamedError("Runtime.StringifyError", `Unable to stringify response body: ${error.message}`))
  }
}

function contextOf({ id, arn, deadline }) {
  return {
    callbackWaitsForEmptyEventLoop: true,
    functionVersion: process.env.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    invokedFunctionArn: arn,
    awsRequestId: id,
    getRemainingTimeInMillis: () => Math.max(deadline - Date.now(), 0),
  }
}

async function invoke(handler, invocation) {
  current = invocation
  begin(invocation.id)
  // An event loop that runs empty before the answer ends the invocation: see beforeExit.
  input.unref()
  try {
    const event = JSON.parse(invocation.payload)
    redirectReplies(event)
    succeed(invocation, await handler(event, contextOf(invocation)))
  } catch (error) {
    fail(invocation, error)
  }
}

process.on("beforeExit", () => {
  if (current !== undefined) succeed(current, null)
})

function crash(label, error, code) {
  if (current === undefined) logError(label, error)
  else fail(current, error, label)
  process.exit(code)
}

process.on("uncaughtException", (error) => crash("Uncaught Exception", error, 129))
process.on("unhandledRejection", (reason) => {
  crash("Unhandled Promise Rejection", new NamedError("Runtime.UnhandledPromiseRejection", reason), 128)
})

async function main() {
  // The pipe is not read yet, so something has to keep the process alive while the handler loads.
  const hold = setInterval(() => {}, 2 ** 30)
  try {
    const handler = await loadHandler(process.env._HANDLER)
    onMessage((message) => void invoke(handler, message))
    send({ type: "ready" })
  } catch (error) {
    logError("Uncaught Exception", error)
    send({ type: "init_error", error: errorBody(error) })
    process.exit(1)
  } finally {
    clearInterval(hold)
  }
}

main()
