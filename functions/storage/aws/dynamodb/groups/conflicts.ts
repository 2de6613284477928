import { TransactionCanceledException } from "@aws-sdk/client-dynamodb"
import { BACK_OFF_ATTEMPTS, backOff } from "../back-off.ts"

/** Another transaction held an item at that moment, so nothing was done. */
export function isConflict(error: unknown): boolean {
  if (error instanceof TransactionCanceledException) {
    return error.CancellationReasons?.some(({ Code }) => Code === "TransactionConflict") ?? false
  }
  return error instanceof Error && error.name === "TransactionConflictException"
}

/** Does it again while transactions are in the way. */
export async function pastConflicts<Done>(work: () => Promise<Done>): Promise<Done> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work()
    } catch (error) {
      if (!isConflict(error) || attempt === BACK_OFF_ATTEMPTS) throw error
      await backOff(attempt)
    }
  }
}
