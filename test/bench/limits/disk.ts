/**
 * What the disk does: blocks written and fsynced one after another, in the bench's data folder. With a pace (a second) it
 * waits between them: caches and processor cool down, and one takes several times as long. Prints rate and median.
 */
import { closeSync, fdatasyncSync, openSync, rmSync, writeSync } from "node:fs"
import { setTimeout } from "node:timers/promises"

const [file = "bench-disk", size = "100", milliseconds = "2000", pace] = process.argv.slice(2)
const block = Buffer.alloc(Number(size), 120)
const fd = openSync(file, "a")
const took: number[] = []
const start = performance.now()
while (performance.now() - start < Number(milliseconds)) {
  if (pace !== undefined) await setTimeout(1000 / Number(pace))
  const begin = performance.now()
  writeSync(fd, block)
  fdatasyncSync(fd)
  took.push(performance.now() - begin)
}
const seconds = (performance.now() - start) / 1000
closeSync(fd)
rmSync(file)
took.sort((a, b) => a - b)
process.stdout.write(`${JSON.stringify({ perSecond: took.length / seconds, medianMs: took[took.length >> 1] })}\n`)
