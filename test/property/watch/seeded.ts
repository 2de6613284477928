import fc from "fast-check"

/** One seed for all properties of a run: STRATALOG_SEED repeats one, and a failure prints it with the path to it. */
export const seed = Number(process.env["STRATALOG_SEED"] ?? Date.now() % 0x7fff_ffff)

fc.configureGlobal({ seed })
console.log(`watch properties: STRATALOG_SEED=${seed}`)
