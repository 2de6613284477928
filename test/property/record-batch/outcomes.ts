import { type BatchErrorCode, RecordBatchError } from "stratalog/record-batch"

export type Outcome<T> = { kind: "value"; value: T } | { kind: "refused"; code: BatchErrorCode }

/** What `act` gives, or the RecordBatchError it throws or rejects with. Any other error fails the property. */
export async function outcome<T>(act: () => T | Promise<T>): Promise<Outcome<T>> {
  try {
    return { kind: "value", value: await act() }
  } catch (error) {
    if (error instanceof RecordBatchError) return { kind: "refused", code: error.code }
    throw error
  }
}

/** What `act` gives or throws, where it must do so synchronously. */
export function outcomeNow<T>(act: () => T): Outcome<T> {
  try {
    return { kind: "value", value: act() }
  } catch (error) {
    if (error instanceof RecordBatchError) return { kind: "refused", code: error.code }
    throw error
  }
}
