/** Rules that are broken on purpose, for tools that check deployments (cdk-nag): each with its reason, where it is broken. */
import { Validations } from "aws-cdk-lib"
import type { IConstruct } from "constructs"

/** `rule` of AWS's rules for solutions, such as `S1`; `finding` narrows it to one of several of the same resource. */
export function breakRule(construct: IConstruct, rule: string, reason: string, finding?: string): void {
  const id = `AwsSolutions-${rule}${finding === undefined ? "" : `[${finding}]`}`
  Validations.of(construct).acknowledge({ id, reason })
}
