import type { Command } from "commander"
import { type Identity, identityOf, refuseInTheClear } from "../../auth/decide-target.ts"
import { namedProfile, saidByOptions, type TargetOptions } from "../../auth/target.ts"
import { usageFailure } from "../../failure.ts"
import { decideProfile, type ProfileChange } from "../../profiles/decide-set.ts"
import { changeProfiles, profilesPath } from "../../profiles/file.ts"
import { readKey } from "../../profiles/key-input.ts"
import { isProfileName } from "../../profiles/profile.ts"
import { authText, shown } from "../../profiles/shown.ts"
import type { Session, Shell } from "../../session.ts"
import { withExamples } from "../examples.ts"

interface Options extends TargetOptions {
  readonly region?: string
}

export function addSetProfile(parent: Command, shell: Shell): void {
  const command = parent
    .command("set")
    .description(
      "Make a profile of --url with --api-key or --auth, or change one: what is not said stays. `--api-key -` reads the key " +
        "from stdin, so that it is in no list of processes and no history.",
    )
    .argument("<profile>", "its name: letters, digits, dots, dashes and underscores")
    .option("--region <region>", "with --auth iam: the AWS region to sign for, where the URL does not tell it")
    .action(async (name: string, _options: unknown, self: Command) => {
      const session = shell.session(self)
      await set(session, name, self.optsWithGlobals<Options>())
    })
  withExamples(command, {
    "strata profile set prod --url https://log.example.com --api-key - < key.txt": "A server that wants a key",
    "strata profile set prod --api-key -": "Another key for it",
    "strata profile set aws --url https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com --auth iam":
      "A deployment that wants signatures",
  })
}

async function set(session: Session, name: string, options: Options): Promise<void> {
  if (!isProfileName(name)) throw usageFailure(`"${name}" cannot be the name of a profile.`)
  const path = profilesPath(session.env)
  const change = await changeOf(session, options)
  changeProfiles(path, (before) => {
    const profile = decideProfile(before.get(name), change)
    if (profile.apiKey !== undefined) refuseInTheClear(profile.url, profile.insecure === true)
    return new Map(before).set(name, profile)
  })
  if (process.getuid === undefined) {
    session.notice(`Windows has no modes of files: see that nobody else can read ${path}.`)
  }
  const made = shown(name, namedProfile(name, session.env))
  await session.print(made, () => [`Profile ${name}: ${made.url}  ${authText(made)}  (in ${path})`])
}

async function changeOf(session: Session, options: Options): Promise<ProfileChange> {
  const apiKey = options.apiKey === undefined ? undefined : await readKey(session, options.apiKey)
  const said = saidByOptions({ ...options, ...(apiKey !== undefined && { apiKey }) })
  const { region, insecure } = options
  return { url: said.url, auth: authOf(identityOf(said)), apiKey, region, ...(insecure && { insecure }) }
}

/** A key speaks for itself. */
function authOf(identity: Identity | undefined): ProfileChange["auth"] {
  return identity === undefined || identity.kind === "key" ? undefined : identity.kind
}
