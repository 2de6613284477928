import type { Command } from "commander"
import { committedLines } from "../../format/committed-table.ts"
import { type CommitTarget, commitTargets } from "../../parse/commit-target.ts"
import type { Shell } from "../../session.ts"
import { withExamples } from "../examples.ts"

export function addCommit(parent: Command, shell: Shell): void {
  const command = parent
    .command("commit")
    .description("Commit offsets for a group, all or none: the next ones to read. They only move forward.")
    .argument("<group>", "name of the group")
    .argument("<offsets...>", "each as <topic>:<partition>=<offset>", commitTargets)
    .option("--metadata <text>", "a note that is kept with the offsets")
    .action(
      async (
        name: string,
        targets: readonly CommitTarget[],
        options: { readonly metadata?: string },
        self: Command,
      ) => {
        const session = shell.session(self)
        const { metadata } = options
        const offsets = targets.map((target) => (metadata === undefined ? target : { ...target, metadata }))
        const committed = await session.connect().group(name).commit(offsets, { signal: session.stop })
        await session.print({ offsets: committed }, () => committedLines(session, committed))
      },
    )
  withExamples(command, { "strata group commit billing orders:0=42 orders:1=17": "Two partitions at once" })
}
