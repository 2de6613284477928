/** Where requests come in. */
import type { Function as LambdaFn } from "aws-cdk-lib/aws-lambda"
import type { Construct } from "constructs"
import { openFunctionUrl } from "./function-url.ts"
import { openRestApi } from "./rest-api.ts"

export interface FrontDoorSettings {
  /** Who may call. `iam` (default): callers sign their requests (SigV4). `none`: everybody who knows the address. */
  readonly auth?: "iam" | "none" | undefined
  /**
   * `function-url` (default) costs nothing beside the function. `rest-api` is for where function URLs cannot be reached:
   * LocalStack serves it under a plain path, while its function URLs have host names that few clients resolve.
   */
  readonly frontDoor?: "function-url" | "rest-api" | undefined
}

/** The functions behind it: one for each concern, with a role of its own, or one for all. */
export type Handlers =
  | {
      readonly kind: "by-concern"
      readonly produce: LambdaFn
      readonly fetch: LambdaFn
      readonly poll: LambdaFn
      readonly admin: LambdaFn
    }
  | { readonly kind: "combined"; readonly api: LambdaFn }

/** What the front door of these settings leads to. */
export function handlersOf(_settings: FrontDoorSettings): Handlers["kind"] {
  return "combined"
}

/** The URL; it ends in a slash. */
export function openFrontDoor(scope: Construct, handlers: Handlers, settings: FrontDoorSettings): string {
  const { auth = "iam", frontDoor = "function-url" } = settings
  if (handlers.kind === "by-concern") throw new Error(`The front door ${frontDoor} does not route by concern.`)
  return frontDoor === "rest-api" ? openRestApi(scope, handlers.api, auth) : openFunctionUrl(handlers.api, auth)
}
