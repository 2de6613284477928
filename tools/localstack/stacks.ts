import { elementsOf, type LocalAws } from "./aws.ts"

/** The names of the stacks that are there. LocalStack lists those that were deleted, too. */
export async function stacksOn(aws: LocalAws): Promise<readonly string[]> {
  const xml = await aws.form("cloudformation", { Action: "DescribeStacks", Version: "2010-05-15" })
  const states = elementsOf(xml, "StackStatus")
  return elementsOf(xml, "StackName").filter((_, at) => states[at] !== "DELETE_COMPLETE")
}
