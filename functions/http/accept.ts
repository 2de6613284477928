/** Picks the media type of the answer. */
import { Refusal } from "./exchange.ts"

/**
 * The type that the `Accept` header prefers; of equals, the first offered. Throws a `Refusal` where it takes none.
 * Browsers and curl take anything: they get the first.
 */
export function acceptable<const T extends string>(header: string | undefined, offered: readonly [T, ...T[]]): T {
  if (header === undefined || header === "" || header === "*/*") return offered[0]
  const ranges = header.split(",").map(parseRange)
  const ranked = offered
    .map((type) => ({ type, quality: qualityOf(type, ranges) }))
    .sort((a, b) => b.quality - a.quality)
  const best = ranked[0]
  if (best !== undefined && best.quality > 0) return best.type
  throw new Refusal("not_acceptable", `Accept: ${header} matches none of ${offered.join(", ")}.`)
}

interface Range {
  readonly type: string
  readonly quality: number
}

function parseRange(text: string): Range {
  const [type = "", ...parameters] = text.split(";").map((part) => part.trim().toLowerCase())
  const quality = parameters.find((parameter) => parameter.startsWith("q="))?.slice(2)
  return { type, quality: quality === undefined ? 1 : Number(quality) || 0 }
}

/** The most specific range decides (RFC 9110, 12.5.1). */
function qualityOf(type: string, ranges: readonly Range[]): number {
  const family = `${type.split("/", 1)[0]}/*`
  const match =
    ranges.find((range) => range.type === type) ??
    ranges.find((range) => range.type === family) ??
    ranges.find((range) => range.type === "*/*")
  return match?.quality ?? 0
}
