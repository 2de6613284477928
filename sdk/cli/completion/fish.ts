import type { CompletedCommand, CompletedOption } from "./tree.ts"

/** A script for fish: to evaluate, or to lie in ~/.config/fish/completions/strata.fish. */
export function fishCompletion(tree: readonly CompletedCommand[]): string {
  return `# Completion of strata for fish:  strata completion fish | source
function __strata_at
  set -l at ""
  for word in (commandline -opc)[2..-1]
    switch "$at/$word"
${descents(tree)}
    end
  end
  test "$at" = "$argv[1]"
end
function __strata_topics
  strata topic list 2>/dev/null | tail -n +2 | cut -d' ' -f1
end
function __strata_groups
  strata group list 2>/dev/null
end
function __strata_profiles
  strata profile list 2>/dev/null | tail -n +2 | cut -d' ' -f1
end
complete -c strata -f
${tree.flatMap(commandLines).join("\n")}
`
}

function descents(tree: readonly CompletedCommand[]): string {
  return tree
    .filter(({ path }) => path !== "")
    .map(({ path }) => `      case '${atAndWord(path)}'\n        set at '${path}'`)
    .join("\n")
}

function atAndWord(path: string): string {
  const at = path.lastIndexOf(" ")
  return at === -1 ? `/${path}` : `${path.slice(0, at)}/${path.slice(at + 1)}`
}

function commandLines({ path, commands, options, argument, choices }: CompletedCommand): readonly string[] {
  const complete = `complete -c strata -n ${quoted(`__strata_at '${path}'`)}`
  const dynamic = {
    topic: " -a '(__strata_topics)'",
    group: " -a '(__strata_groups)'",
    profile: PROFILES,
    file: " -F",
  } as const
  return [
    ...commands.map(({ name, description }) => `${complete} -a ${name} -d ${quoted(description)}`),
    ...choices.map((choice) => `${complete} -a ${choice}`),
    ...(argument === undefined || argument === "choice" ? [] : [`${complete}${dynamic[argument]}`]),
    ...options.map((option) => `${complete}${optionWords(option)}`),
  ]
}

const PROFILES = " -a '(__strata_profiles)'"

function optionWords({ flag, description, values, isFile, isProfile }: CompletedOption): string {
  const named = ` -l ${flag.replace(/^--/, "")} -d ${quoted(description)}`
  if (values === undefined) return named
  if (isFile) return `${named} -r -F`
  if (isProfile) return `${named} -x${PROFILES}`
  return `${named} -x${values.length === 0 ? "" : ` -a '${values.join(" ")}'`}`
}

/** In fish only the quote and the backslash are special inside single quotes. */
function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`
}
