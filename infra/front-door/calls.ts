/** Leave to call an API of API Gateway, for those who sign. */
import { Stack } from "aws-cdk-lib"
import { Grant, type IGrantable } from "aws-cdk-lib/aws-iam"
import type { Construct } from "constructs"
import type { FrontDoor } from "./open.ts"

/** All calls: by all routes, as `$default` has no method and no path to name. Some: by the method and path of the request itself. */
export function grantCallsOf(scope: Construct, apiId: string, stage: string): FrontDoor["grantCalls"] {
  const arn = (resourceName: string) =>
    Stack.of(scope).formatArn({ service: "execute-api", resource: apiId, resourceName })
  return (grantee: IGrantable, calls?: readonly string[]) => {
    const resourceArns = calls === undefined ? [arn("*")] : calls.map((call) => arn(`${stage}/${call}`))
    return Grant.addToPrincipal({ grantee, actions: ["execute-api:Invoke"], resourceArns })
  }
}
