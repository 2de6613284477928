/** Names of topics, groups, members: Kafka's rule for topics (org.apache.kafka.common.internals.Topic). */
export const LEGAL_NAME = /^(?!\.{1,2}$)[a-zA-Z0-9._-]{1,249}$/

export const NAME_RULE = "1 to 249 of the characters a-z, A-Z, 0-9, '.', '_' and '-', and not '.' or '..'"

export function isLegalName(name: string): boolean {
  return LEGAL_NAME.test(name)
}

/** Topics whose names start with `__` belong to the service. */
export function isReservedTopicName(name: string): boolean {
  return name.startsWith("__")
}
