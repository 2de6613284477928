/** What calls upkeep: a schedule of the stack, or SNS with nudges of busy partitions. */
import * as z from "zod"

export type UpkeepTask =
  /** All partitions, as many as there is time for. */
  | { readonly kind: "round"; readonly sweep: boolean }
  /** These alone; one may be named several times. */
  | { readonly kind: "nudged"; readonly partitions: readonly z.infer<typeof message>[] }
  | { readonly kind: "unknown"; readonly detail: string }

const scheduled = z.strictObject({ sweep: z.boolean().default(false) })

const message = z.object({ topicId: z.uuid(), partition: z.int().min(0) })

const json = z.string().transform((text, context) => {
  try {
    return JSON.parse(text) as unknown
  } catch {
    context.addIssue("it is not JSON")
    return z.NEVER
  }
})

const nudges = z.object({
  Records: z
    .array(z.object({ EventSource: z.literal("aws:sns"), Sns: z.object({ Message: json.pipe(message) }) }))
    .min(1),
})

export function upkeepTask(event: unknown): UpkeepTask {
  const isOfRecords = typeof event === "object" && event !== null && "Records" in event
  if (!isOfRecords) {
    const parsed = scheduled.safeParse(event)
    return parsed.success ? { kind: "round", ...parsed.data } : unknown(parsed.error)
  }
  const parsed = nudges.safeParse(event)
  if (!parsed.success) return unknown(parsed.error)
  return { kind: "nudged", partitions: parsed.data.Records.map(({ Sns }) => Sns.Message) }
}

function unknown(error: z.ZodError): UpkeepTask {
  const issues = error.issues.map(({ path, message: said }) => `${path.join(".") || "the event"}: ${said}`)
  return { kind: "unknown", detail: issues.join("; ") }
}
