/** The pages that tell about the API. */
import { errorsPage } from "../http/docs/errors-page.ts"
import { referencePages } from "../http/docs/reference-pages.ts"
import { openApiPage } from "../http/openapi/page.ts"
import type { Page } from "../http/page.ts"
import { rootPage } from "../http/service/root-page.ts"
import { referenceAssets } from "./reference-assets.ts"
import { version } from "./version.ts"

/** `asked`: whether callers are asked who they are. */
export function documentPages(asked: boolean): readonly Page[] {
  return [rootPage(version), openApiPage(version, asked), errorsPage, ...referencePages(referenceAssets, version)]
}
