/** Lines of JSON for the function's log. */

export function report(event: Readonly<Record<string, unknown>>): void {
  process.stderr.write(`${JSON.stringify(event)}\n`)
}

export function reportDefect(route: string, requestId: string, error: unknown): void {
  const said = error instanceof Error ? error.stack : String(error)
  report({ level: "error", event: "defect", route, requestId, error: said })
}

/** Consumers find what was appended by their schedules. */
export function reportUntold(topic: string, error: unknown): void {
  report({ level: "warn", event: "append_news_failed", topic, error: String(error) })
}

/** The schedule of upkeep makes up for it. */
export function reportNoNudge(
  partition: { readonly topicId: string; readonly partition: number },
  error: unknown,
): void {
  report({ level: "warn", event: "nudge_failed", ...partition, error: String(error) })
}

/** `GET /v1/upkeep` tells of an earlier run. */
export function reportUnrecorded({ reason, detail }: { readonly reason: string; readonly detail: string }): void {
  report({ level: "warn", event: "upkeep_unrecorded", reason, detail })
}
