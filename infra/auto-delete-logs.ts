/** Lets the function that empties a bucket go without a trace. */
import { CfnResource, RemovalPolicy, Stack } from "aws-cdk-lib"
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs"
import type { Construct } from "constructs"

const PROVIDER = "Custom::S3AutoDeleteObjectsCustomResourceProvider"
const LOGS = "AutoDeleteLogs"

/**
 * The CDK makes one such function a stack, and Lambda would make a log group for it that no stack knows. Here the function
 * writes into a group of the stack's, and may make none: what it writes last, of its own removal, brings none back.
 */
export function leaveNoLogs(scope: Construct): void {
  const stack = Stack.of(scope)
  const provider = stack.node.tryFindChild(PROVIDER)
  const handler = provider?.node.tryFindChild("Handler")
  const role = provider?.node.tryFindChild("Role")
  if (!CfnResource.isCfnResource(handler) || !CfnResource.isCfnResource(role)) {
    throw new Error(`The CDK has no ${PROVIDER} as it used to.`)
  }
  if (stack.node.tryFindChild(LOGS) !== undefined) return
  const logs = new LogGroup(stack, LOGS, { retention: RetentionDays.ONE_DAY, removalPolicy: RemovalPolicy.DESTROY })
  handler.addPropertyOverride("LoggingConfig", { LogGroup: logs.logGroupName })
  role.addPropertyDeletionOverride("ManagedPolicyArns")
  role.addPropertyOverride("Policies", [
    {
      PolicyName: "Logs",
      PolicyDocument: {
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Action: ["logs:CreateLogStream", "logs:PutLogEvents"], Resource: logs.logGroupArn },
        ],
      },
    },
  ])
}
