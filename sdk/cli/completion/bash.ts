import type { CompletedCommand, CompletedOption } from "./tree.ts"

/** A script for bash 3.2 and later, without the package bash-completion. */
export function bashCompletion(tree: readonly CompletedCommand[]): string {
  return `# Completion of strata for bash:  eval "$(strata completion bash)"
_strata() {
  local cur="\${COMP_WORDS[COMP_CWORD]}" prev="\${COMP_WORDS[COMP_CWORD-1]}" at="" i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$at \${COMP_WORDS[i]}" in
${descents(tree)}
    esac
  done
  case "$at $prev" in
${tree.flatMap(valueCases).join("\n")}
  esac
  local words=""
  case "$at" in
${tree.map(commandCase).join("\n")}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
_strata_topics() { strata topic list 2>/dev/null | tail -n +2 | cut -d' ' -f1; }
_strata_groups() { strata group list 2>/dev/null; }
_strata_profiles() { strata profile list 2>/dev/null | tail -n +2 | cut -d' ' -f1; }
complete -F _strata strata
`
}

/** A word that is a command leads one step down. */
function descents(tree: readonly CompletedCommand[]): string {
  const paths = tree.flatMap(({ path }) => (path === "" ? [] : [path]))
  return paths.map((path) => `      "${beforeLast(path)}") at="${path}" ;;`).join("\n")
}

/** "topic create" as the loop sees it: where it is, a space, and the word. */
function beforeLast(path: string): string {
  const at = path.lastIndexOf(" ")
  return at === -1 ? ` ${path}` : `${path.slice(0, at)} ${path.slice(at + 1)}`
}

function valueCases({ path, options }: CompletedCommand): readonly string[] {
  return options.flatMap((option) => {
    const reply = valueReply(option)
    return reply === undefined ? [] : [`    "${path} ${option.flag}") ${reply}; return ;;`]
  })
}

function valueReply({ values, isFile, isProfile }: CompletedOption): string | undefined {
  if (values === undefined) return undefined
  if (isProfile) return `COMPREPLY=($(compgen -W "${dynamic("profile")}" -- "$cur"))`
  if (isFile) return `COMPREPLY=($(compgen -f -- "$cur"))`
  return values.length === 0 ? ":" : `COMPREPLY=($(compgen -W "${values.join(" ")}" -- "$cur"))`
}

function commandCase({ path, commands, options, argument, choices }: CompletedCommand): string {
  const flags = options.map(({ flag }) => flag).join(" ")
  const names = [...commands.map(({ name }) => name), ...choices].join(" ")
  const words = `if [[ $cur == -* ]]; then words="${flags}"; else words="${names}${dynamic(argument)}"; fi`
  const files = argument === "file" ? ` [[ $cur == -* ]] || { COMPREPLY=($(compgen -f -- "$cur")); return; };` : ""
  return `    "${path}")${files} ${words} ;;`
}

function dynamic(argument: CompletedCommand["argument"]): string {
  if (argument === "topic") return "$(_strata_topics)"
  if (argument === "profile") return "$(_strata_profiles)"
  return argument === "group" ? "$(_strata_groups)" : ""
}
