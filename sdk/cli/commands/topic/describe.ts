import type { Command } from "commander"
import type { PartitionOffsets } from "../../../client/topic.ts"
import type { TopicDescription } from "../../../client/topics.ts"
import { describeTopicLines } from "../../format/describe-topic.ts"
import type { Session, Shell } from "../../session.ts"
import { withExamples } from "../examples.ts"

interface DescribedTopic extends TopicDescription {
  readonly offsets: readonly PartitionOffsets[]
}

export function addDescribe(parent: Command, shell: Shell): void {
  const command = parent
    .command("describe")
    .description("Show a topic: its partitions with offsets and sizes, and the configuration in force.")
    .argument("<names...>", "names of topics; in JSON several are one `topics`")
    .action(async (names: readonly string[], _options: object, self: Command) => {
      const session = shell.session(self)
      const topics: DescribedTopic[] = []
      for (const name of names) topics.push(await describe(session, name))
      await session.print(topics.length === 1 ? topics[0] : { topics }, () =>
        topics.flatMap((topic, index) => [
          ...(index === 0 ? [] : [""]),
          ...describeTopicLines(session, topic, topic.offsets),
        ]),
      )
    })
  withExamples(command, {
    "strata topic describe orders": "Partitions and configuration",
    "strata topic describe orders --json": "The same for programs",
  })
}

async function describe(session: Session, name: string): Promise<DescribedTopic> {
  const log = session.connect()
  const { stop: signal } = session
  const topic = await log.topics.get(name, { signal })
  return { ...topic, offsets: await log.topic(name).offsets({ signal }) }
}
