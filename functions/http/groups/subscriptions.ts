/** What members subscribe to, checked at the door. */
import { compilePatterns } from "../../groups/members/patterns.ts"
import { isPattern } from "../../groups/members/subscriptions.ts"
import { invalid } from "../exchange.ts"

/** Throws a `Refusal` that names the patterns that are none. */
export async function requirePatterns(topics: readonly string[] = []): Promise<void> {
  if (!topics.some(isPattern)) return
  const compiled = await compilePatterns(topics.filter(isPattern))
  const details = new Map(compiled.invalid.map(({ pattern, detail }) => [pattern, detail]))
  const errors = topics.flatMap((text, index) => {
    const detail = details.get(text)
    return detail === undefined ? [] : [{ path: `topics[${index}]`, message: `is refused. ${detail}` }]
  })
  if (errors.length > 0) throw invalid(errors)
}
