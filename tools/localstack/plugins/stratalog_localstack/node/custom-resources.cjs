// Replies of custom resources go to this host by https, whatever the port: see custom_resources.py.

const http = require("node:http")
const https = require("node:https")
const Module = require("node:module")

const RESPONSE_HOST = "cfn-response.stratalog.internal"

let redirected = false

/** Sends them to LocalStack from the first event on that asks for one. */
exports.redirectReplies = (event) => {
  if (redirected || typeof event?.ResponseURL !== "string" || !event.ResponseURL.includes(RESPONSE_HOST)) return
  redirected = true
  const original = https.request
  https.request = (...args) => {
    const [first] = args
    const url = typeof first === "string" ? new URL(first) : first
    if ((url?.hostname || url?.host) !== RESPONSE_HOST) return original(...args)
    const extra = typeof args[1] === "object" ? args[1] : {}
    const { method, headers } = { ...url, ...extra }
    const options = {
      method,
      headers,
      hostname: process.env.LOCALSTACK_HOSTNAME,
      port: process.env.EDGE_PORT,
      path: `/_stratalog/cfn-response${url.path || url.pathname}`,
    }
    return http.request(
      options,
      args.find((argument) => typeof argument === "function"),
    )
  }
  Module.syncBuiltinESMExports()
}
