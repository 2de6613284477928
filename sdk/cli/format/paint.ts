import { styleText } from "node:util"
import type { Env } from "../io.ts"

export type Colour = "bold" | "dim" | "red" | "yellow" | "green" | "cyan"

/** Wraps text in the terminal's codes, or leaves it as it is. */
export type Paint = (colour: Colour, text: string) => string

const plain: Paint = (_colour, text) => text
// The stream was looked at already: styleText must not decide for another one.
const coloured: Paint = (colour, text) => styleText(colour, text, { validateStream: false })

/** Colour only on a terminal, unless --no-color or NO_COLOR (https://no-color.org: any value but the empty one) says no. */
export function paintFor(stream: { readonly isTTY?: boolean }, env: Env, wanted: boolean): Paint {
  const refused = (env["NO_COLOR"] ?? "") !== "" || env["TERM"] === "dumb"
  return wanted && !refused && stream.isTTY === true ? coloured : plain
}
