/** What managing access takes. */
import type { AccessStore } from "./ports.ts"

/** Chance, and the hash under which a secret is kept. */
export interface KeySecrets {
  /** So many bytes that nobody can guess. */
  readonly unguessable: (bytes: number) => Uint8Array
  /** SHA-256. */
  readonly secretHash: (secret: string) => Uint8Array
}

export interface AccessControl {
  readonly store: AccessStore
  readonly secrets: KeySecrets
  /** Principals that may do everything, whatever key they send. */
  readonly superUsers: ReadonlySet<string>
  /** Whether somebody can manage access without any key of the store, such as by a signature. */
  readonly managedOtherwise: boolean
  /** Of the key that the process was started with, which no store has. */
  readonly ownKeyId?: string
}
