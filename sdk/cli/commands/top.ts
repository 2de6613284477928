import type { Command } from "commander"
import type { Shell } from "../session.ts"
import { intervalOf, scopeOf, type WatchOptions, withWatchOptions } from "../watch/options.ts"
import { View } from "../watch/view.ts"
import { watch } from "../watch/watch.ts"
import { withExamples } from "./examples.ts"

export function addTop(program: Command, shell: Shell): void {
  const command = program
    .command("top")
    .description(
      "Watch topics and groups: what is appended and read a second, and how far groups are behind. On a terminal it is " +
        "redrawn in place (q ends it, s sorts by something else, Space looks at once); elsewhere each look is appended.",
    )
  withWatchOptions(command).action(async (options: WatchOptions, self: Command) => {
    const session = shell.session(self)
    const { sort: order, count } = options
    const intervalMs = intervalOf(session, options)
    const scope = scopeOf(options, { topics: true, groups: undefined })
    const view = new View(session, { title: "strata top", scope, details: "topics", order, intervalMs })
    await watch(session, { intervalMs, count }, view)
  })
  withExamples(command, {
    "strata top": "Everything, the first hundred topics and groups by name",
    "strata top --topic-prefix orders --sort rate": "Some topics, the busiest first",
    "strata top --json --interval 1m": "A line of JSON a minute, for programs",
  })
}
