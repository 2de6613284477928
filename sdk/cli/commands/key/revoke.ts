import type { Command } from "commander"
import { usageFailure } from "../../failure.ts"
import { confirm } from "../../parse/confirm.ts"
import type { Session, Shell } from "../../session.ts"
import { withExamples } from "../examples.ts"

interface Options {
  readonly principal?: string
  readonly yes?: boolean
}

export function addRevokeKey(parent: Command, shell: Shell): void {
  const command = parent
    .command("revoke")
    .description(
      "End keys for good: by their ids, or all of a principal, then it asks first. A server that shares its storage with others takes a revoked key for some seconds more (`accessDelayMs` of /v1/limits).",
    )
    .argument("[keys...]", "ids of keys; a whole key will do, where it was found somewhere")
    .option("--principal <principal>", "all keys of this one")
    .option("--yes", "do not ask")
    .action(async (keys: readonly string[], options: Options, self: Command) => {
      const session = shell.session(self)
      const wanted = await chosen(session, keys.map(idOf), options)
      const revoked: string[] = []
      for (const id of await ownLast(session, wanted)) {
        await session.connect().keys.revoke(id, { signal: session.stop })
        revoked.push(id)
        // What is done is told, also where the next one is refused.
        if (!session.json) await session.out.line(`Revoked ${id}`)
      }
      await session.print({ revoked }, () => [])
      if (revoked.length === 0) session.notice("Nothing was revoked.")
    })
  withExamples(command, {
    "strata key revoke aeaqcaibaeaqcaib": "One key",
    "strata key revoke --principal User:alice": "All keys of one principal; asks first",
  })
}

function idOf(text: string): string {
  const [, id] = /^(?:stk_)?([a-z2-7]{16})(?:_.*)?$/.exec(text) ?? []
  // The text may be a key: it is not told.
  if (id === undefined) throw usageFailure("One of the keys is no id: `strata key list` has them.")
  return id
}

async function chosen(
  session: Session,
  keys: readonly string[],
  { principal, yes }: Options,
): Promise<readonly string[]> {
  if ((keys.length === 0) === (principal === undefined)) throw usageFailure("Say which: ids of keys, or --principal.")
  if (principal === undefined) return [...new Set(keys)]
  const found: string[] = []
  for await (const { id } of session.connect().keys.list({ principal, signal: session.stop })) found.push(id)
  if (found.length === 0) return found
  const many = found.length === 1 ? `the key ${found[0]}` : `all ${found.length} keys`
  return (await confirm(session, `Revoke ${many} of ${principal}?`, yes === true)) ? found : []
}

/** Whoever revokes the key that they speak with can revoke no other after it. */
async function ownLast(session: Session, keys: readonly string[]): Promise<readonly string[]> {
  if (keys.length < 2) return keys
  const { key } = await session.connect().whoami({ signal: session.stop })
  return keys.toSorted((a, b) => Number(a === key?.id) - Number(b === key?.id))
}
