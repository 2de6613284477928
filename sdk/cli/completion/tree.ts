/** What can be typed after each command, taken from the commands themselves. */
import type { Argument, Command, Option } from "commander"

export interface CompletedOption {
  /** `--partitions`; the short form, where there is one, is left out. */
  readonly flag: string
  readonly description: string
  /** Undefined: it takes no value. An empty list: a value of any kind. */
  readonly values: readonly string[] | undefined
  readonly isFile: boolean
  /** It names a profile. */
  readonly isProfile: boolean
}

export interface CompletedCommand {
  /** Without `strata`: "topic create"; "" for the top. */
  readonly path: string
  readonly commands: readonly { readonly name: string; readonly description: string }[]
  readonly options: readonly CompletedOption[]
  /** What its arguments name. */
  readonly argument: "topic" | "group" | "profile" | "file" | "choice" | undefined
  /** The words that a `choice` is from. */
  readonly choices: readonly string[]
}

export function completionTree(program: Command): readonly CompletedCommand[] {
  return below(program, "", [])
}

function below(command: Command, path: string, inherited: readonly CompletedOption[]): readonly CompletedCommand[] {
  const options = [...command.options.filter(({ hidden }) => !hidden).map(completedOption), ...inherited]
  const [argument] = command.registeredArguments
  const own: CompletedCommand = {
    path,
    commands: command.commands.map((child) => ({ name: child.name(), description: gist(child.description()) })),
    options: [
      ...options,
      { flag: "--help", description: "show help", values: undefined, isFile: false, isProfile: false },
    ],
    argument: argument === undefined ? undefined : argumentKind(argument, path),
    choices: argument?.argChoices ?? [],
  }
  const children = command.commands.flatMap((child) => below(child, `${path} ${child.name()}`.trim(), options))
  return [own, ...children]
}

function completedOption(option: Option): CompletedOption {
  const takesValue = option.required || option.optional
  return {
    flag: option.long ?? option.flags,
    description: gist(option.description),
    values: takesValue ? (option.argChoices ?? []) : undefined,
    isFile: /<(path|directory)>/.test(option.flags),
    isProfile: option.long === "--profile",
  }
}

function argumentKind(argument: Argument, path: string): CompletedCommand["argument"] {
  if (argument.argChoices !== undefined) return "choice"
  const name = argument.name()
  if (/^topics?$/.test(name) || (/^names?$/.test(name) && path.startsWith("topic "))) return "topic"
  if (/^groups?$/.test(name)) return "group"
  if (name === "profile") return "profile"
  return name === "path" || name === "target" ? "file" : undefined
}

/** The first part of a sentence: there is one line for it. */
function gist(description: string): string {
  return description.split(/[.;:(,]/)[0]?.trim() ?? ""
}
