/** The rules of EventBridge that call a function. */
import { type LocalAws, listAt, valueAt } from "./aws.ts"

export interface Rule {
  readonly name: string
  readonly schedule: string
  /** As EventBridge has them, to be put again as they are. */
  readonly targets: readonly unknown[]
}

export async function rulesOf(aws: LocalAws, functionName: string): Promise<readonly Rule[]> {
  const rules = listAt(await aws.json("events", "AWSEvents.ListRules"), "Rules")
  const found = await Promise.all(
    rules.map(async (rule): Promise<Rule> => {
      const name = String(valueAt(rule, "Name"))
      const targets = listAt(await aws.json("events", "AWSEvents.ListTargetsByRule", { Rule: name }), "Targets")
      return { name, schedule: String(valueAt(rule, "ScheduleExpression")), targets }
    }),
  )
  return found.filter(({ targets }) => {
    return targets.some((target) => String(valueAt(target, "Arn")).endsWith(`:function:${functionName}`))
  })
}

/** LocalStack fires only what has got its targets after its schedule. */
export async function putRule(aws: LocalAws, { name, schedule, targets }: Rule): Promise<void> {
  await aws.json("events", "AWSEvents.PutRule", { Name: name, ScheduleExpression: schedule, State: "ENABLED" })
  await aws.json("events", "AWSEvents.PutTargets", { Rule: name, Targets: targets })
}

/** It fires no more. LocalStack goes on firing what is disabled. */
export async function removeTargets(aws: LocalAws, { name, targets }: Rule): Promise<void> {
  const Ids = targets.map((target) => valueAt(target, "Id"))
  await aws.json("events", "AWSEvents.RemoveTargets", { Rule: name, Ids })
}

export async function deleteRule(aws: LocalAws, rule: Rule): Promise<void> {
  await removeTargets(aws, rule)
  await aws.json("events", "AWSEvents.DeleteRule", { Name: rule.name })
}
