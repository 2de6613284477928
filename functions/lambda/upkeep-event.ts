/** What calls upkeep: a schedule of the stack, or SNS with nudges of busy partitions. */
import * as z from "zod/mini"

export type UpkeepTask =
  /** All partitions, as many as there is time for. */
  | { readonly kind: "round"; readonly sweep: boolean }
  /** These alone; one may be named several times. */
  | { readonly kind: "nudged"; readonly partitions: readonly z.infer<typeof message>[] }
  | { readonly kind: "unknown"; readonly detail: string }

const scheduled = z.strictObject({ sweep: z._default(z.boolean(), false) })

const message = z.object({ topicId: z.uuid(), partition: z.int().check(z.gte(0)) })

const json = z.transform((text: string, { issues }): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    issues.push({ code: "custom", message: "it is not JSON", input: text })
    return z.NEVER
  }
})
const jsonMessage = z.pipe(z.pipe(z.string(), json), message)

const nudge = z.object({ EventSource: z.literal("aws:sns"), Sns: z.object({ Message: jsonMessage }) })
const nudges = z.object({ Records: z.array(nudge).check(z.minLength(1)) })

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

function unknown({ issues }: z.core.$ZodError): UpkeepTask {
  const said = issues.map((issue) => {
    const what = issue.code === "unrecognized_keys" ? `unknown ${issue.keys.join(", ")}` : issue.message
    return `${issue.path.join(".") || "the event"}: ${what}`
  })
  return { kind: "unknown", detail: said.join("; ").slice(0, MAX_DETAIL) }
}

const MAX_DETAIL = 500
