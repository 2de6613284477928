/** The pages for people: few environments ever show one. */
import { errorsPage } from "../http/docs/errors-page.ts"
import { type ReferenceAssets, referencePages } from "../http/docs/reference-pages.ts"
import type { Page } from "../http/page.ts"

export function documentPages(assets: ReferenceAssets, version: string): readonly Page[] {
  return [errorsPage, ...referencePages(assets, version)]
}
