import type { Command } from "commander"
import { usageFailure } from "../failure.ts"
import type { Session, Shell } from "../session.ts"
import type { Details } from "../watch/look-json.ts"
import { intervalOf, scopeOf, type WatchOptions, withWatchOptions } from "../watch/options.ts"
import { View } from "../watch/view.ts"
import { watch } from "../watch/watch.ts"
import { withExamples } from "./examples.ts"

interface Options extends WatchOptions {
  readonly watch?: boolean
  readonly members?: boolean
}

export function addLag(program: Command, shell: Shell): void {
  const command = program
    .command("lag")
    .description(
      "Show how far groups are behind: all of them, or some with each of their partitions. With --watch also how fast " +
        "they read, and when they will have caught up; on a terminal redrawn in place (q ends it, s sorts by something " +
        "else, Space looks at once).",
    )
    .argument("[groups...]", "names of groups; none: all groups, a row each")
    .option("--watch", "look again and again, until Ctrl-C")
    .option("--members", "a row for each member instead of each partition")
  withWatchOptions(command).action((groups: readonly string[], options: Options, self: Command) =>
    lag(shell.session(self), groups, options),
  )
  withExamples(command, {
    "strata lag": "All groups, once",
    "strata lag --watch": "All groups, again and again",
    "strata lag billing --watch --sort rate": "By partition, with who reads it",
    "strata lag billing --watch --members": "By member: who is slow?",
    "strata lag billing --watch --json --count 2 | tail -1": "With rates, for programs",
  })
}

async function lag(session: Session, names: readonly string[], options: Options): Promise<void> {
  refuseMeaningless(names, options)
  const groups = names.length === 0 ? undefined : [...new Set(names)]
  const intervalMs = options.watch === true ? intervalOf(session, options) : undefined
  const view = new View(session, {
    title: "strata lag",
    scope: scopeOf(options, { topics: false, groups }),
    details: detailsOf(groups, options),
    order: options.sort,
    intervalMs,
  })
  if (intervalMs !== undefined) return watch(session, { intervalMs, count: options.count }, view)
  await view.look(session.stop)
  await session.print(view.json(), () => view.lines(undefined, undefined))
}

function detailsOf(groups: readonly string[] | undefined, { members }: Options): Details {
  if (members === true) return "members"
  return groups === undefined ? "none" : "partitions"
}

function refuseMeaningless(names: readonly string[], { watch, interval, count, groupPrefix }: Options): void {
  if (watch !== true && (interval !== undefined || count !== undefined)) {
    throw usageFailure("--interval and --count are for --watch.")
  }
  if (names.length > 0 && groupPrefix !== undefined) throw usageFailure("Name groups, or say --group-prefix: not both.")
}
