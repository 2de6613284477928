// The pipes to whoever started this process; see processes.py for the messages.

const fs = require("node:fs")
const net = require("node:net")

const input = new net.Socket({ fd: Number(process.env.STRATALOG_FD_IN), readable: true, writable: false })
const output = Number(process.env.STRATALOG_FD_OUT)
for (const name of ["STRATALOG_FD_IN", "STRATALOG_FD_OUT"]) delete process.env[name]

/** Invocations keep the process alive only while the input is referenced. */
exports.input = input

exports.send = (message) => {
  const data = Buffer.from(`${JSON.stringify(message)}\n`)
  for (let at = 0; at < data.length; ) at += fs.writeSync(output, data, at)
}

exports.onMessage = (take) => {
  let pending = []
  input.on("data", (chunk) => {
    let rest = chunk
    for (let at = rest.indexOf(10); at >= 0; at = rest.indexOf(10)) {
      const line = Buffer.concat([...pending, rest.subarray(0, at)]).toString("utf8")
      pending = []
      rest = rest.subarray(at + 1)
      take(JSON.parse(line))
    }
    if (rest.length > 0) pending.push(rest)
  })
  // Whoever started it is gone.
  input.on("end", () => process.exit(0))
  input.on("error", () => process.exit(0))
}
