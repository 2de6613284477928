/** What `strata restore` says of each partition that is not whole, and of all together. */

/** As `restoreObjects` of stratalog-server gives it. */
export interface PartitionReport {
  readonly topic: string
  readonly topicId: string
  readonly partition: number
  readonly outcome:
    | {
        readonly kind: "restored"
        readonly objects: number
        readonly bytes: number
        readonly present: number
        readonly broughtBack: number
        readonly checked: number
        readonly losses: readonly {
          readonly what: string
          readonly from: number
          readonly to: number
          readonly detail: string
        }[]
      }
    | { readonly kind: "unknown_partition" }
    | { readonly kind: "unavailable"; readonly detail: string }
}

export interface Tally {
  readonly partitions: number
  /** Objects that the table refers to, and their bytes. */
  readonly objects: number
  readonly bytes: number
  readonly present: number
  readonly broughtBack: number
  readonly checked: number
  readonly losses: readonly Loss[]
  readonly failures: readonly { readonly topic: string; readonly partition: number; readonly detail: string }[]
}

interface Loss {
  readonly topic: string
  readonly partition: number
  readonly what: string
  readonly from: number
  readonly to: number
  readonly detail: string
}

export function tallyOf(reports: readonly PartitionReport[]): Tally {
  const restored = reports.flatMap(({ outcome }) => (outcome.kind === "restored" ? [outcome] : []))
  const total = (count: (outcome: (typeof restored)[number]) => number) =>
    restored.reduce((sum, outcome) => sum + count(outcome), 0)
  return {
    partitions: reports.length,
    objects: total(({ objects }) => objects),
    bytes: total(({ bytes }) => bytes),
    present: total(({ present }) => present),
    broughtBack: total(({ broughtBack }) => broughtBack),
    checked: total(({ checked }) => checked),
    losses: reports.flatMap(lossesOf),
    failures: reports.flatMap(failureOf),
  }
}

function lossesOf({ topic, partition, outcome }: PartitionReport): Loss[] {
  if (outcome.kind === "restored") {
    return outcome.losses.map(({ what, from, to, detail }) => ({ topic, partition, what, from, to, detail }))
  }
  if (outcome.kind === "unavailable") return []
  // The topic's item was written before its heads, or the head's a moment later: nothing was appended yet.
  return [{ topic, partition, what: "index", from: 0, to: 0, detail: "the table has no head of this partition" }]
}

function failureOf({ topic, partition, outcome }: PartitionReport) {
  return outcome.kind === "unavailable" ? [{ topic, partition, detail: outcome.detail }] : []
}

/** Lines about a partition that is not whole; undefined for one that is. */
export function findingOf(report: PartitionReport): readonly string[] | undefined {
  const lines = [
    ...lossesOf(report).map(({ from, to, detail }) => `LOST    offsets ${from} to ${to - 1}: ${detail}`),
    ...failureOf(report).map(({ detail }) => `FAILED  ${detail}`),
  ]
  return lines.length === 0 ? undefined : [`${report.topic}/${report.partition}`, ...lines.map((line) => `  ${line}`)]
}

export function tallyLines(
  { partitions, objects, bytes, present, broughtBack, checked, losses }: Tally,
  isDryRun: boolean,
  showBytes: (bytes: number) => string,
): readonly string[] {
  const lost = objects - present - broughtBack
  return [
    `${partitions} partitions refer to ${objects} objects (${showBytes(bytes)}).`,
    `${present} are there, ${broughtBack} ${isDryRun ? "can be brought back" : "were brought back"}, ${lost} cannot be had.`,
    ...(checked === 0 ? [] : [`${checked} were read and compared with their checksums.`]),
    ...(losses.length === 0 ? ["Every record that the table knows can be read."] : []),
  ]
}
