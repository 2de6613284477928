/**
 * A stream that ends once whoever reads it may not any more: its key is revoked or expired, or a list changed. `check` rejects
 * then; it is asked before each part goes out.
 */
export function whileAllowed(body: ReadableStream<Uint8Array>, check: () => Promise<void>): ReadableStream<Uint8Array> {
  const reader = body.getReader()
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const next = await reader.read()
        const goesOn = !next.done && (await check().then(isTrue, isFalse))
        if (goesOn) controller.enqueue(next.value)
        else {
          controller.close()
          await reader.cancel()
        }
      },
      cancel: (reason) => reader.cancel(reason),
    },
    { highWaterMark: 0 },
  )
}

const isTrue = () => true
const isFalse = () => false
