import type { CompletedCommand } from "./tree.ts"

/** A script that zsh can evaluate, or load as the file `_strata` from its fpath. */
export function zshCompletion(tree: readonly CompletedCommand[]): string {
  return `#compdef strata
# Completion of strata for zsh:  eval "$(strata completion zsh)"
_strata() {
  local at="" i
  local -a commands options
  for ((i = 2; i < CURRENT; i++)); do
    case "$at/\${words[i]}" in
${descents(tree)}
    esac
  done
  case "$at/\${words[CURRENT-1]}" in
${tree.flatMap(valueCases).join("\n")}
  esac
  case "$at" in
${tree.map(commandCase).join("\n")}
  esac
  if [[ $PREFIX == -* ]]; then
    _describe -o option options
  else
    _describe command commands
  fi
}
_strata_topics() { local -a found; found=(\${(f)"$(strata topic list 2>/dev/null | tail -n +2 | cut -d' ' -f1)"}); compadd -a found }
_strata_groups() { local -a found; found=(\${(f)"$(strata group list 2>/dev/null)"}); compadd -a found }
_strata_profiles() { local -a found; found=(\${(f)"$(strata profile list 2>/dev/null | tail -n +2 | cut -d' ' -f1)"}); compadd -a found }
if [[ $funcstack[1] == _strata ]]; then _strata; elif (( $+functions[compdef] )); then compdef _strata strata; fi
`
}

function descents(tree: readonly CompletedCommand[]): string {
  return tree
    .filter(({ path }) => path !== "")
    .map(({ path }) => `      '${atAndWord(path)}') at='${path}' ;;`)
    .join("\n")
}

function atAndWord(path: string): string {
  const at = path.lastIndexOf(" ")
  return at === -1 ? `/${path}` : `${path.slice(0, at)}/${path.slice(at + 1)}`
}

function valueCases({ path, options }: CompletedCommand): readonly string[] {
  return options.flatMap(({ flag, values, isFile, isProfile }) => {
    if (values === undefined) return []
    if (isProfile) return [`    '${path}/${flag}') _strata_profiles; return ;;`]
    const action = isFile ? "_files" : values.length === 0 ? "_message value" : `compadd ${values.join(" ")}`
    return [`    '${path}/${flag}') ${action}; return ;;`]
  })
}

function commandCase({ path, commands, options, argument, choices }: CompletedCommand): string {
  const described = (words: readonly { readonly name: string; readonly description: string }[]) =>
    words.map(({ name, description }) => quoted(`${name}:${description}`)).join(" ")
  const flags = described(options.map(({ flag: name, description }) => ({ name, description })))
  const names = described([...commands, ...choices.map((name) => ({ name, description: "" }))])
  const dynamic = {
    topic: "_strata_topics",
    group: "_strata_groups",
    profile: "_strata_profiles",
    file: "_files",
  } as const
  const action =
    argument === undefined || argument === "choice" ? "" : ` [[ $PREFIX == -* ]] || { ${dynamic[argument]}; return };`
  return `    '${path}')${action} options=(${flags}); commands=(${names}) ;;`
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
