import type { Command } from "commander"

/** Adds what people copy: command lines, each with what it does. */
export function withExamples(command: Command, examples: Readonly<Record<string, string>>): Command {
  const lines = Object.entries(examples).map(([line, meaning]) => `  # ${meaning}\n  ${line}`)
  return command.addHelpText("after", `\nExamples:\n${lines.join("\n")}`)
}
