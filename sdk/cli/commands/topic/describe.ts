import type { Command } from "commander"
import { describeTopicLines } from "../../format/describe-topic.ts"
import type { Shell } from "../../session.ts"
import { withExamples } from "../examples.ts"

export function addDescribe(parent: Command, shell: Shell): void {
  const command = parent
    .command("describe")
    .description("Show a topic: its partitions with offsets and sizes, and the configuration in force.")
    .argument("<name>", "name of the topic")
    .action(async (name: string, _options: object, self: Command) => {
      const session = shell.session(self)
      const log = session.connect()
      const { stop: signal } = session
      const topic = await log.topics.get(name, { signal })
      const offsets = await log.topic(name).offsets({ signal })
      await session.print({ ...topic, offsets }, () => describeTopicLines(session, topic, offsets))
    })
  withExamples(command, {
    "strata topic describe orders": "Partitions and configuration",
    "strata topic describe orders --json": "The same for programs",
  })
}
