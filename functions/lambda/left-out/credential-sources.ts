/**
 * Stands in the bundles for the sources of credentials that no function has: profiles, SSO, a process, web identities. A
 * function's credentials are in its environment, or where `AWS_CONTAINER_CREDENTIALS_FULL_URI` points to; both are there.
 */

/** The SDK's chain of sources goes on to the next one. */
class LeftOut extends Error {
  override readonly name = "CredentialsProviderError"
  readonly tryNextLink = true
}

/** As all of these sources are opened: with settings first. */
const leftOut = () => async (): Promise<never> => {
  throw new LeftOut("A function takes credentials from its environment; this source of them is not in its bundle.")
}

export { leftOut as fromIni, leftOut as fromProcess, leftOut as fromSSO, leftOut as fromTokenFile }
