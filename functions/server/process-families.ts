/** Memory and CPU of this process, by the names that Prometheus' client libraries use. */
import { counter, type Family, gauge } from "../http/metrics/exposition.ts"

export function processFamilies(): readonly Family[] {
  const { rss, heapUsed, heapTotal, external } = process.memoryUsage()
  const { user, system } = process.cpuUsage()
  return [
    counter("process_cpu_seconds_total", "CPU time, user and system.", (user + system) / 1e6),
    gauge("process_resident_memory_bytes", "Resident memory.", rss),
    gauge("process_start_time_seconds", "When the process began, in epoch seconds.", performance.timeOrigin / 1000),
    gauge("nodejs_heap_size_used_bytes", "Heap in use.", heapUsed),
    gauge("nodejs_heap_size_total_bytes", "Heap reserved.", heapTotal),
    gauge("nodejs_external_memory_bytes", "Memory of buffers and the like.", external),
  ]
}
