/** What the disk does: blocks written and fsynced one after another, in the bench's data folder. Prints a rate a second. */
import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from "node:fs"

const [file = "bench-disk", size = "100", milliseconds = "2000"] = process.argv.slice(2)
const block = Buffer.alloc(Number(size), 120)
const fd = openSync(file, "a")
let count = 0
const start = performance.now()
while (performance.now() - start < Number(milliseconds)) {
  writeSync(fd, block)
  fdatasyncSync(fd)
  count += 1
}
const seconds = (performance.now() - start) / 1000
closeSync(fd)
rmSync(file)
process.stdout.write(`${JSON.stringify({ perSecond: count / seconds, microseconds: (seconds / count) * 1e6 })}\n`)
