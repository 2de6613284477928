/** Why a server did not start, in a sentence for whoever started it. */
export class StartError extends Error {
  readonly code = "cannot_start"
}
