import type { Command } from "commander"
import type { AlterTopicBody } from "../../../protocol/schemas/topics.ts"
import { usageFailure } from "../../failure.ts"
import { counted } from "../../format/counted.ts"
import { integer } from "../../parse/integer.ts"
import { type ConfigValue, configPairs, words } from "../../parse/pairs.ts"
import type { Shell } from "../../session.ts"
import { withExamples } from "../examples.ts"
import { CONFIG_HELP } from "./create.ts"

interface Options {
  readonly partitions?: number
  readonly config?: Readonly<Record<string, ConfigValue>>
  readonly deleteConfig?: readonly string[]
}

export function addAlter(parent: Command, shell: Shell): void {
  const command = parent
    .command("alter")
    .description("Change a topic's configuration, or add partitions: keys then go to other partitions from there on.")
    .argument("<name>", "name of the topic")
    .option("--partitions <n>", "the new number of partitions; never fewer than before", integer(1, 10_000))
    .option("--config <name=value>", CONFIG_HELP, configPairs)
    .option("--delete-config <name>", "back to the default; may be repeated", words)
    .action(async (name: string, options: Options, self: Command) => {
      const session = shell.session(self)
      const topic = await session.connect().topics.alter(name, changes(options), { signal: session.stop })
      await session.print(topic, () => {
        const set = topic.overrides.map((key) => `${key}=${String(Reflect.get(topic.config, key))}`)
        return [`Altered ${topic.name}: ${[counted(topic.partitions, "partition"), ...set].join(", ")}`]
      })
    })
  withExamples(command, {
    "strata topic alter orders --partitions 6": "Add partitions up to six",
    "strata topic alter orders --config retention.ms=30d --delete-config segment.ms": "Set one value, reset another",
  })
}

/** The server checks names and values, and says what is wrong with each. */
function changes({ partitions, config, deleteConfig = [] }: Options): AlterTopicBody {
  const both = deleteConfig.find((name) => config !== undefined && Object.hasOwn(config, name))
  if (both !== undefined) throw usageFailure(`${both} is both set and deleted; say one of them.`)
  const merged = { ...config, ...Object.fromEntries(deleteConfig.map((name) => [name, null])) }
  if (partitions === undefined && Object.keys(merged).length === 0) {
    throw usageFailure("Nothing to change: say --partitions, --config or --delete-config.")
  }
  return {
    ...(partitions === undefined ? {} : { partitions }),
    ...(Object.keys(merged).length === 0 ? {} : { config: merged as NonNullable<AlterTopicBody["config"]> }),
  }
}
