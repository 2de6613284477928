import { type BatchErrorCode, RecordBatchError } from "stratalog/record-batch"
import { expect } from "vitest"

/** The code of the RecordBatchError that `act` throws or rejects with; any other outcome fails the test. */
export async function errorCode(act: () => unknown): Promise<BatchErrorCode> {
  try {
    await act()
  } catch (error) {
    if (error instanceof RecordBatchError) return error.code
    throw error
  }
  return expect.fail("expected a RecordBatchError, but nothing was thrown")
}
