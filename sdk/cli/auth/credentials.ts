/** AWS credentials: of the environment, else of whatever the AWS SDK finds (profiles, SSO, roles), where it is installed. */
import { environmentCredentials } from "../../aws/environment-credentials.ts"
import type { AwsCredentials } from "../../aws/signed-fetch.ts"
import type { Env } from "../io.ts"

type Provider = () => AwsCredentials | Promise<AwsCredentials>

/** Loaded only where the environment has no keys: who uses the SDK alone does not install it. */
const PROVIDERS: string = "@aws-sdk/credential-provider-node"

/** Rejects where there are none, with the reason. */
export function credentialsFor(env: Env): Provider {
  let found: Promise<Provider> | undefined
  return async () => {
    found ??= find(env)
    return (await found)()
  }
}

async function find(env: Env): Promise<Provider> {
  if (env["AWS_ACCESS_KEY_ID"] && env["AWS_SECRET_ACCESS_KEY"]) return environmentCredentials(env)
  try {
    import.meta.resolve(PROVIDERS)
  } catch (cause) {
    throw new Error("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set.", { cause })
  }
  const loaded: { readonly defaultProvider: () => Provider } = await import(PROVIDERS)
  return loaded.defaultProvider()
}
