/** Access control lists for people, in Kafka's words. */
import type { Acl } from "../../client/acls.ts"
import { tableLines } from "../format/table.ts"
import type { Session } from "../session.ts"
import { kafkaWordOf } from "./words.ts"

export function aclLines({ paint }: Session, acls: readonly Acl[]): string[] {
  if (acls.length === 0) return []
  return tableLines(
    [
      { header: "PRINCIPAL", cell: ({ principal }: Acl) => principal },
      { header: "PERMISSION", cell: ({ permission }) => (permission === "allow" ? "Allow" : "Deny") },
      { header: "OPERATION", cell: ({ operation }) => kafkaWordOf(operation) },
      { header: "RESOURCE", cell: ({ resourceType }) => resourceType },
      { header: "NAME", cell: ({ resourceName }) => resourceName },
      { header: "PATTERN", cell: ({ patternType }) => patternType },
    ],
    acls,
    paint,
  )
}
