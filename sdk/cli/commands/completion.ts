import { Argument, type Command } from "commander"
import { bashCompletion } from "../completion/bash.ts"
import { fishCompletion } from "../completion/fish.ts"
import { type CompletedCommand, completionTree } from "../completion/tree.ts"
import { zshCompletion } from "../completion/zsh.ts"
import type { Shell } from "../session.ts"
import { withExamples } from "./examples.ts"

const scripts = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion } as const

type ShellName = keyof typeof scripts

export function addCompletion(program: Command, shell: Shell): void {
  const command = program
    .command("completion")
    .description("Write a script that completes commands, options, topics and groups in a shell.")
    .addArgument(new Argument("<shell>", "the shell").choices(Object.keys(scripts)))
    .action(async (name: ShellName, _options: object, self: Command) => {
      const script: (tree: readonly CompletedCommand[]) => string = scripts[name]
      await shell.session(self).out.write(script(completionTree(program)))
    })
  withExamples(command, {
    'eval "$(strata completion bash)"': "In ~/.bashrc; for zsh in ~/.zshrc, behind compinit",
    "strata completion fish > ~/.config/fish/completions/strata.fish": "For fish",
  })
}
