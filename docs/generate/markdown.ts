/** Tables of Markdown. */

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return ""
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n")
}

/** Text that may stand in a table. */
export function cell(text: string): string {
  return text.replace(/\|/g, "\\|").replace(/\n/g, " ")
}
