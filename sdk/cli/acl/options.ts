/** The options of `strata acl`, by the names that kafka-acls gives them. */
import { type Command, Option } from "commander"
import { words } from "../parse/pairs.ts"
import { OPERATIONS_HELP, operations } from "./words.ts"

const REPEATED = "may be repeated"

export function addPrincipalOptions(command: Command): Command {
  return command
    .option(
      "--allow-principal <principal>",
      `who may: User:alice, IAM:<ARN>, or User:* for everybody; ${REPEATED}`,
      words,
    )
    .option("--deny-principal <principal>", `who may not, whatever else allows it; ${REPEATED}`, words)
}

export function addWhatOptions(command: Command): Command {
  return command.option("--operation <operation>", `${OPERATIONS_HELP}; ${REPEATED}`, operations)
}

export function addConvenienceOptions(command: Command): Command {
  return command
    .option("--producer", "what a producer takes: Write and Describe on the topics")
    .option("--consumer", "what a consumer takes: Read and Describe on the topics, Read on the groups")
}

export function addResourceOptions(command: Command, patternTypes: readonly string[]): Command {
  return command
    .option("--topic <name>", `a topic, or * for all; ${REPEATED}`, words)
    .option("--group <name>", `a consumer group, or * for all; ${REPEATED}`, words)
    .option(
      "--cluster",
      "the service as a whole: keys and access control lists, upkeep, and all topics that are created",
    )
    .addOption(new Option("--resource-pattern-type <type>", `${patternHelp(patternTypes)}`).choices(patternTypes))
}

function patternHelp(patternTypes: readonly string[]): string {
  const found = patternTypes.includes("match")
    ? "; any (default): lists for these very names; match: all that concern things of these names"
    : " (default: literal)"
  return `whether names are whole (literal) or the start of names (prefixed)${found}`
}
