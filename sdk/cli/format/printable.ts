// C0 and C1 controls, and the marks that turn the direction of text around.
const CONTROLS = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu
const NAMED: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" }

/** Text from outside made safe for a terminal: what could move the cursor or hide other text is shown as an escape. */
export function printable(text: string): string {
  return text.replace(CONTROLS, (control) => NAMED[control] ?? `\\u${codeOf(control)}`)
}

function codeOf(control: string): string {
  return (control.codePointAt(0) ?? 0).toString(16).padStart(4, "0")
}
