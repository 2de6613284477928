import type { Command } from "commander"
import type { AccessKey } from "../../../client/keys.ts"
import { tableLines } from "../../format/table.ts"
import type { Session, Shell } from "../../session.ts"
import { withExamples } from "../examples.ts"

export function addListKeys(parent: Command, shell: Shell): void {
  const command = parent
    .command("list")
    .description("The keys, without their secrets, also those that have expired.")
    .option("--principal <principal>", "only the keys of this one")
    .action(async ({ principal }: { readonly principal?: string }, self: Command) => {
      const session = shell.session(self)
      const keys: AccessKey[] = []
      for await (const key of session.connect().keys.list({ principal, signal: session.stop })) keys.push(key)
      await session.print({ keys }, () => keyLines(session, keys))
      if (keys.length === 0) session.notice("No keys.")
    })
  withExamples(command, {
    "strata key list": "All keys",
    "strata key list --principal User:alice --json": "Those of one principal, as JSON",
  })
}

function keyLines({ paint, show, io }: Session, keys: readonly AccessKey[]): string[] {
  if (keys.length === 0) return []
  const now = io.now()
  return tableLines(
    [
      { header: "KEY", cell: (key: AccessKey) => key.id },
      { header: "PRINCIPAL", cell: ({ principal }) => principal },
      { header: "SUPER", cell: ({ superUser }) => (superUser ? "yes" : "-") },
      { header: "CREATED", cell: ({ createdAt }) => show.time(createdAt) },
      {
        header: "EXPIRES",
        cell: ({ expiresAt }) =>
          expiresAt === null ? "-" : `${show.time(expiresAt)}${expiresAt <= now ? " (expired)" : ""}`,
      },
      { header: "DESCRIPTION", cell: ({ description }) => description },
    ],
    keys,
    paint,
  )
}
