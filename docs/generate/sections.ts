/** Parts of a document written by hand that are made anew, between their marks. */

/** `document` is its name, for whoever forgot the marks. */
export function withSection(text: string, document: string, name: string, content: string): string {
  const [begin, end] = [`<!-- ${name}: made by npm run docs -->\n`, `\n<!-- end of ${name} -->`]
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  if (from < 0 || to < 0) throw new Error(`${document} has no section ${name}`)
  return text.slice(0, from + begin.length) + content + text.slice(to)
}
