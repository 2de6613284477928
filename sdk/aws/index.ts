// Calls to a deployment in AWS that lets in who signs: `fetch` and Web Crypto only, as the client.
export { environmentCredentials } from "./environment-credentials.ts"
export { type AwsCredentials, type SignedFetchOptions, signedFetch } from "./signed-fetch.ts"
