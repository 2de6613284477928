/** What alarms and the dashboard look at in the namespace of Stratalog is what the functions tell. */
import { expect, it } from "vitest"
import { metricTable } from "../../functions/http/metrics/table/all.ts"
import { OWN } from "../../infra/watch/metrics.ts"

const rows = Object.values(metricTable).flat()

it.each(Object.entries(OWN))(
  "%s is a metric that goes to CloudWatch, by the dimensions that it is looked at",
  (_, name) => {
    const row = rows.find((each) => each.name === name)
    expect(row?.cloudWatch).toEqual(name === OWN.groupLag ? ["Group"] : [])
  },
)
