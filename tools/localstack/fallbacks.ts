/** What LocalStack's open core reports as created though it knows no such thing: the resource is not there. */
import { elementsOf, type LocalAws } from "./aws.ts"
import { stacksOn } from "./stacks.ts"

/** Types of which that is known, each with the reason why nothing here misses them. */
const EXPECTED: Readonly<Record<string, string>> = {
  "AWS::CloudWatch::Dashboard": "It shows figures, and there is nobody here to look at them.",
}

const SAID = /Resource type (\S+) is not supported but was deployed as a fallback/

/** By all stacks that are there, such as `AWS::ApiGatewayV2::Api in Stratalog`. */
export async function unexpectedFallbacks(aws: LocalAws): Promise<readonly string[]> {
  const found = await Promise.all(
    (await stacksOn(aws)).map(async (StackName) => {
      const events = await aws.form("cloudformation", {
        Action: "DescribeStackEvents",
        Version: "2010-05-15",
        StackName,
      })
      return fallbacksAmong(elementsOf(events, "ResourceStatusReason")).map((type) => `${type} in ${StackName}`)
    }),
  )
  return found.flat()
}

/** The types that the reasons of a stack's events tell of, without those that are expected. */
export function fallbacksAmong(reasons: readonly string[]): readonly string[] {
  const types = reasons.flatMap((reason) => SAID.exec(reason)?.[1] ?? [])
  return [...new Set(types)].filter((type) => EXPECTED[type] === undefined)
}
