/** Who may do what to what: Kafka's access control lists. */

export type ResourceType = "topic" | "group" | "cluster"

/** Kafka's operations, in lower case. */
export type Operation =
  | "read"
  | "write"
  | "create"
  | "delete"
  | "alter"
  | "describe"
  | "alter_configs"
  | "describe_configs"

/** The one resource of type `cluster`. */
export const CLUSTER_NAME = "stratalog"

/** Stands for every principal, and as a literal name for every resource. */
export const ALL = "*"

/** The principal that stands for every one. */
export const EVERYBODY = "User:*"

export interface AclBinding {
  /** `User:alice`, `IAM:arn:aws:iam::123456789012:role/billing`, or `User:*` for everybody. */
  readonly principal: string
  readonly permission: "allow" | "deny"
  readonly operation: Operation | "all"
  readonly resourceType: ResourceType
  /** `literal`: this very name, or all where the name is `*`. `prefixed`: every name that begins so. */
  readonly patternType: "literal" | "prefixed"
  readonly resourceName: string
}

/** What somebody must be allowed for a request. */
export interface Requirement {
  readonly operation: Operation
  readonly resourceType: ResourceType
  readonly resourceName: string
  /** `prefixed`: for every name that begins so, also those that nothing has yet. Absent: for this very name. */
  readonly patternType?: "prefixed"
}

export interface Principal {
  readonly name: string
  /** May do everything, whatever the lists say. */
  readonly superUser: boolean
}
