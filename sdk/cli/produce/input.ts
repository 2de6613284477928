import { createReadStream } from "node:fs"
import { addAbortSignal } from "node:stream"
import { inputFailure } from "../failure.ts"
import type { Session } from "../session.ts"
import { linesOf, type NumberedLine } from "./lines.ts"

/** What is to become a record, and how to name it to the user. */
export interface InputLine extends NumberedLine {
  readonly source: "line" | "value"
}

/** The values given on the command line or, where there is none, the lines of a file or of stdin. */
export async function* openInput(
  session: Session,
  values: readonly string[],
  file: string | undefined,
): AsyncGenerator<InputLine> {
  if (values.length > 0) {
    for (const [index, value] of values.entries()) {
      yield { source: "value", number: index + 1, bytes: Buffer.from(value) }
    }
    return
  }
  if (file === undefined && session.io.stdin.isTTY === true) {
    session.notice("One record a line; end with Ctrl-D.")
  }
  const stream = file === undefined ? session.io.stdin : createReadStream(file)
  try {
    for await (const line of linesOf(addAbortSignal(session.stop, stream))) yield { source: "line", ...line }
  } catch (error) {
    throw isFileError(error)
      ? inputFailure(`Cannot read ${file ?? "stdin"}: ${error.message}`, { cause: error })
      : error
  }
}

function isFileError(error: unknown): error is Error {
  return error instanceof Error && "syscall" in error
}
