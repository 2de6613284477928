/**
 * Who signed a request, as the front door found it out. It stands beside the request in the event, where only the front door
 * writes: nothing that a caller sends gets there. Pure.
 */
import type { GatewayEvent } from "./events.ts"

/** A principal such as `IAM:arn:aws:iam::123456789012:role/orders`; undefined where nobody signed, or nobody of a known kind. */
export function signerOf(event: GatewayEvent): string | undefined {
  const arn =
    "httpMethod" in event ? event.requestContext?.identity?.userArn : event.requestContext.authorizer?.iam?.userArn
  return typeof arn === "string" ? principalOf(arn) : undefined
}

/** Of what a role is for the time of a session. AWS leaves the role's path out of it, so it is missing here, too. */
const SESSION = /^arn:(aws[\w-]*):sts::(\d{12}):assumed-role\/([\w+=,.@-]+)\/[\w+=,.@-]+$/

/** Users, whom AWS names with their paths, an account's root, and sessions of users that were federated by GetFederationToken. */
const LASTING = /^arn:aws[\w-]*:(iam::\d{12}:(root|user\/[\x21-\x7e]+)|sts::\d{12}:federated-user\/[\w+=,.@-]+)$/

/** `arn`: as API Gateway and Lambda tell a caller's. All sessions of a role are one principal. */
function principalOf(arn: string): string | undefined {
  const [, partition, account, role] = SESSION.exec(arn) ?? []
  if (role !== undefined) return `IAM:arn:${partition}:iam::${account}:role/${role}`
  return LASTING.test(arn) ? `IAM:${arn}` : undefined
}
