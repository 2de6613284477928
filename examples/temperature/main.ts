/** `npm run example:temperature`: temperature sensors on the log. Start reading at produce.ts and watch.ts. */
import { Screen } from "../program/screen.ts"
import { start } from "../program/start.ts"
import { runBoth, runConsumer, runProducer } from "./run.ts"
import { HELP, parseSettings } from "./settings.ts"

const apiKey = process.env["OPENWEATHER_API_KEY"] || undefined
const roles = { both: runBoth, produce: runProducer, consume: runConsumer }

await start({
  name: "temperature",
  help: HELP,
  parse: parseSettings,
  alone: ({ role }) => role === "both",
  run: async (run) => roles[run.settings.role]({ ...run, apiKey, screen: new Screen(process.stdout) }),
})
