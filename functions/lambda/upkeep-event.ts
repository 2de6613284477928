/** What calls upkeep: schedules of the stack, or SNS with nudges of busy partitions. */
import { LEGAL_NAME } from "stratalog/protocol"
import * as z from "zod/mini"

export type UpkeepTask =
  /** All partitions, as many as there is time for. */
  | { readonly kind: "round"; readonly sweep: boolean }
  /** These alone; one may be named several times. */
  | { readonly kind: "nudged"; readonly partitions: readonly z.infer<typeof message>[] }
  /** The lag of these groups is to be told. */
  | { readonly kind: "lag"; readonly groups: readonly string[] }
  | { readonly kind: "unknown"; readonly detail: string }

const scheduled = z.strictObject({ sweep: z._default(z.boolean(), false) })

const lag = z.strictObject({ lag: z.array(z.string().check(z.regex(LEGAL_NAME))) })

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
  if (has(event, "lag")) {
    const parsed = lag.safeParse(event)
    return parsed.success ? { kind: "lag", groups: parsed.data.lag } : unknown(parsed.error)
  }
  if (!has(event, "Records")) {
    const parsed = scheduled.safeParse(event)
    return parsed.success ? { kind: "round", ...parsed.data } : unknown(parsed.error)
  }
  const parsed = nudges.safeParse(event)
  if (!parsed.success) return unknown(parsed.error)
  return { kind: "nudged", partitions: parsed.data.Records.map(({ Sns }) => Sns.Message) }
}

function has(event: unknown, field: string): boolean {
  return typeof event === "object" && event !== null && field in event
}

function unknown({ issues }: z.core.$ZodError): UpkeepTask {
  const said = issues.map((issue) => {
    const what = issue.code === "unrecognized_keys" ? `unknown ${issue.keys.join(", ")}` : issue.message
    return `${issue.path.join(".") || "the event"}: ${what}`
  })
  return { kind: "unknown", detail: said.join("; ").slice(0, MAX_DETAIL) }
}

const MAX_DETAIL = 500
