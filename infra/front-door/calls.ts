/** Leave to call an API of API Gateway, for those who sign. */
import { Stack } from "aws-cdk-lib"
import { Grant, type IGrantable } from "aws-cdk-lib/aws-iam"
import type { Construct } from "constructs"

/** By all its routes: `$default` has no method and no path to name. */
export function grantCallsOf(scope: Construct, apiId: string): (grantee: IGrantable) => void {
  const arn = Stack.of(scope).formatArn({ service: "execute-api", resource: apiId, resourceName: "*" })
  return (grantee) =>
    void Grant.addToPrincipal({ grantee, actions: ["execute-api:Invoke"], resourceArns: [arn], scope })
}
