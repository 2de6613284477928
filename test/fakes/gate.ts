/** What a test lets through when it wants. */
export function gate(): { readonly passed: Promise<void>; readonly open: () => void } {
  const { promise: passed, resolve: open } = Promise.withResolvers<void>()
  return { passed, open }
}
