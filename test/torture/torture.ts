/** `npm run torture -- --rounds 100 --seed 7`: kills the server again and again and checks that nothing is lost. */
import { randomInt } from "node:crypto"
import { parseArgs } from "node:util"
import { describeReport, runTorture } from "./run-torture.ts"

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "100" },
    seed: { type: "string", default: String(randomInt(2 ** 31)) },
    bug: { type: "string" },
  },
})
const seed = Number(values.seed)
console.log(`seed ${seed}`)
const report = await runTorture({
  rounds: Number(values.rounds),
  seed,
  onProgress: (line) => console.log(line),
  ...(values.bug !== undefined && { bug: values.bug }),
})
console.log(describeReport(report, seed))
process.exitCode = report.failure === undefined ? 0 : 1
