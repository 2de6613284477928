import type { Command } from "commander"
import type { Shell } from "../../session.ts"
import { addListProfiles } from "./list.ts"
import { addRemoveProfile } from "./remove.ts"
import { addSetProfile } from "./set.ts"
import { addShowProfile } from "./show.ts"

export function addProfile(program: Command, shell: Shell): void {
  const profile = program
    .command("profile")
    .description(
      "Servers and their keys under names, in ~/.config/stratalog/profiles.json (XDG_CONFIG_HOME is respected), a file " +
        "that is used only while nobody but its owner can read it.",
    )
  addListProfiles(profile, shell)
  addShowProfile(profile, shell)
  addSetProfile(profile, shell)
  addRemoveProfile(profile, shell)
}
