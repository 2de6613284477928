import { FunctionUrlAuthType, type Function as LambdaFn } from "aws-cdk-lib/aws-lambda"

export function openFunctionUrl(api: LambdaFn, auth: "iam" | "none"): string {
  const authType = auth === "none" ? FunctionUrlAuthType.NONE : FunctionUrlAuthType.AWS_IAM
  return api.addFunctionUrl({ authType }).url
}
