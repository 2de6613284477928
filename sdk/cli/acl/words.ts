/** The words of kafka-acls for what an access control list says. Pure. */
import { InvalidArgumentError } from "commander"
import type { AclInput } from "../../client/acls.ts"

export type Operation = AclInput["operation"]

/** As Kafka writes them. */
const KAFKA_WORDS: Readonly<Record<Operation, string>> = {
  read: "Read",
  write: "Write",
  create: "Create",
  delete: "Delete",
  alter: "Alter",
  describe: "Describe",
  alter_configs: "AlterConfigs",
  describe_configs: "DescribeConfigs",
  all: "All",
}

export const OPERATIONS_HELP = Object.values(KAFKA_WORDS).join(", ")

/** A commander parser of `Read`, `DescribeConfigs`, `describe_configs`, given several times. */
export function operations(text: string, before: readonly Operation[] | undefined): readonly Operation[] {
  const plain = text.replace(/[-_]/g, "").toLowerCase()
  const found = Object.entries(KAFKA_WORDS).find(([, word]) => word.toLowerCase() === plain)
  if (found === undefined) throw new InvalidArgumentError(`It must be one of ${OPERATIONS_HELP}.`)
  return [...(before ?? []), found[0] as Operation]
}

/** Of what a server calls an operation; one that is not known here stays as it is. */
export function kafkaWordOf(operation: string): string {
  return new Map<string, string>(Object.entries(KAFKA_WORDS)).get(operation) ?? operation
}
