/** What authentication asks of whoever knows the tokens of an identity provider. */

export type TokenOutcome =
  /** `principal`: such as `User:alice`. `expiresAt`: epoch milliseconds. */
  | { readonly kind: "accepted"; readonly principal: string; readonly expiresAt: number }
  /** `reason`: for the sender, behind "because". */
  | { readonly kind: "refused"; readonly reason: string }
  /** Nobody can tell now. `detail`: a sentence. */
  | { readonly kind: "unreachable"; readonly detail: string }

export interface TokenVerifier {
  verify(token: string): Promise<TokenOutcome>
}

/** Three parts of base64url (RFC 7515, compact serialization): what is neither that nor a key is nothing that is looked at. */
const SHAPE = /^[\w-]+\.[\w-]+\.[\w-]+$/

export function isToken(text: string): boolean {
  return SHAPE.test(text)
}
