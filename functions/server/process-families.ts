/** Memory and CPU of this process, by the names that Prometheus' client libraries use. */
import { type Family, family } from "../http/metrics/exposition.ts"
import * as table from "../http/metrics/table/process.ts"

export function processFamilies(): readonly Family[] {
  const { rss, heapUsed, heapTotal, external } = process.memoryUsage()
  const { user, system } = process.cpuUsage()
  return [
    family(table.cpuSeconds, (user + system) / 1e6),
    family(table.residentBytes, rss),
    family(table.startTime, performance.timeOrigin / 1000),
    family(table.heapUsedBytes, heapUsed),
    family(table.heapTotalBytes, heapTotal),
    family(table.externalBytes, external),
  ]
}
