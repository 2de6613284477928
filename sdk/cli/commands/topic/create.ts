import type { Command } from "commander"
import { StratalogError } from "../../../client/errors.ts"
import type { CreatedTopic } from "../../../client/topics.ts"
import type { CreateTopicBody } from "../../../protocol/schemas/topics.ts"
import { counted } from "../../format/counted.ts"
import { integer } from "../../parse/integer.ts"
import { type ConfigValue, configPairs } from "../../parse/pairs.ts"
import type { Session, Shell } from "../../session.ts"
import { withExamples } from "../examples.ts"

interface Options {
  readonly partitions?: number
  readonly config?: Readonly<Record<string, ConfigValue>>
  readonly ifNotExists?: boolean
}

export const CONFIG_HELP =
  "a setting, such as retention.ms=7d or cleanup.policy=compact; may be repeated; .ms takes 10s, 5m, 2h, 7d, .bytes takes KiB, MiB, GiB"

export function addCreate(parent: Command, shell: Shell): void {
  const command = parent
    .command("create")
    .description("Create a topic. Safe to repeat with the same settings.")
    .argument("<name>", "name of the topic")
    .option("--partitions <n>", "how many partitions (default: 1)", integer(1, 10_000))
    .option("--config <name=value>", CONFIG_HELP, configPairs)
    .option("--if-not-exists", "leave a topic that is there as it is, whatever its settings")
    .action(async (name: string, options: Options, self: Command) => {
      const session = shell.session(self)
      const topic = await create(session, name, options)
      const exists = options.ifNotExists === true ? "Exists already:" : "Exists already with these settings:"
      await session.print(topic, () => [
        `${topic.created ? "Created" : exists} ${topic.name}, ${counted(topic.partitions, "partition")}`,
      ])
    })
  withExamples(command, {
    "strata topic create orders --partitions 3": "Three partitions, records kept for seven days",
    "strata topic create users --config cleanup.policy=compact": "Keep the last record of each key",
    "strata topic create clicks --config retention.ms=12h --config retention.bytes=10GiB": "Bounded in time and size",
  })
}

async function create(session: Session, name: string, options: Options): Promise<CreatedTopic> {
  const { topics } = session.connect()
  const { stop: signal } = session
  try {
    return await topics.create(name, settings(options), { signal })
  } catch (error) {
    const isThere = error instanceof StratalogError && error.code === "topic_conflict"
    if (!isThere || options.ifNotExists !== true) throw error
    return { ...(await topics.get(name, { signal })), created: false }
  }
}

/** The server checks names and values, and says what is wrong with each. */
function settings({ partitions, config }: Options): CreateTopicBody {
  return {
    ...(partitions === undefined ? {} : { partitions }),
    ...(config === undefined ? {} : { config: config as NonNullable<CreateTopicBody["config"]> }),
  }
}
