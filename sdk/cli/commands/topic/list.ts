import type { Command } from "commander"
import type { TopicDescription } from "../../../client/topics.ts"
import { tableLines } from "../../format/table.ts"
import { noneText } from "../../sees-all.ts"
import type { Session, Shell } from "../../session.ts"
import { withExamples } from "../examples.ts"

const NONE = "No topics. Create one: strata topic create <name>"

export function addList(parent: Command, shell: Shell): void {
  const command = parent
    .command("list")
    .description("List topics by name.")
    .option("--prefix <text>", "only names that start with this")
    .action(async (options: { readonly prefix?: string }, self: Command) => {
      const session = shell.session(self)
      const topics: TopicDescription[] = []
      const request = { prefix: options.prefix, signal: session.stop }
      for await (const topic of session.connect().topics.list(request)) topics.push(topic)
      await session.print({ topics }, () => listLines(session, topics))
      if (topics.length === 0 && !session.json) session.notice(await noneText(session, NONE))
    })
  withExamples(command, {
    "strata topic list": "All topics",
    "strata topic list --prefix billing. --json": "As one JSON document",
  })
}

function listLines({ paint, show }: Session, topics: readonly TopicDescription[]): string[] {
  if (topics.length === 0) return []
  return tableLines(
    [
      { header: "TOPIC", cell: (topic) => topic.name },
      { header: "PARTITIONS", align: "right", cell: (topic) => String(topic.partitions) },
      { header: "CLEANUP", cell: (topic) => topic.config["cleanup.policy"] ?? "-" },
      { header: "CREATED", cell: (topic) => show.time(topic.createdAt) },
    ],
    topics,
    paint,
  )
}
