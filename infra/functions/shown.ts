/** Text of a template as cdk-nag writes it: in angle brackets what the template refers to. */
export function shown(resolved: unknown): string {
  if (typeof resolved !== "object" || resolved === null) return String(resolved)
  const [[name, argument] = []] = Object.entries<unknown>({ ...resolved })
  const parts: readonly unknown[] = Array.isArray(argument) ? argument : [argument]
  if (name === "Fn::Join") return (Array.isArray(parts[1]) ? parts[1] : []).map(shown).join(String(parts[0]))
  return `<${parts.join(".")}>`
}
