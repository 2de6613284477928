/**
 * What CloudWatch makes of a line of a function's log, strictly by its specification of the embedded metric format.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
import * as z from "zod"

export interface Extracted {
  readonly namespace: string
  readonly name: string
  readonly unit: string
  readonly dimensions: Readonly<Record<string, string>>
  readonly values: readonly number[]
}

const UNITS = ["Seconds", "Microseconds", "Milliseconds", "Bytes", "Kilobytes", "Megabytes", "Percent", "Count", "None"]

const definition = z.strictObject({
  Name: z.string().min(1).max(1024),
  Unit: z.enum(UNITS).optional(),
  StorageResolution: z.union([z.literal(1), z.literal(60)]).optional(),
})
const directive = z.strictObject({
  Namespace: z
    .string()
    .min(1)
    .max(1024)
    .regex(/^(?!AWS\/)[\w./#:-]+$/),
  Dimensions: z.array(z.array(z.string().min(1).max(250)).max(30)).min(1),
  Metrics: z.array(definition).min(1).max(100),
})
const root = z.looseObject({
  _aws: z.strictObject({ Timestamp: z.int().positive(), CloudWatchMetrics: z.array(directive).min(1) }),
})
const dimension = z
  .string()
  .min(1)
  .max(1024)
  .regex(/^[\x20-\x7e]+$/)
const target = z.union([z.number(), z.array(z.number()).min(1).max(100)])

const MOST_BYTES = 256 * 1024

/** Undefined for a line that is not about metrics. Throws for one that is and is wrong. */
export function extract(line: string): readonly Extracted[] | undefined {
  if (!line.includes('"_aws"')) return undefined
  if (Buffer.byteLength(line) > MOST_BYTES) throw new Error(`the line has ${Buffer.byteLength(line)} bytes`)
  const document = root.parse(JSON.parse(line))
  return document._aws.CloudWatchMetrics.flatMap(({ Namespace: namespace, Dimensions, Metrics }) =>
    Dimensions.flatMap((names) => {
      const dimensions = Object.fromEntries(names.map((name) => [name, dimension.parse(document[name])]))
      return Metrics.map(({ Name: name, Unit: unit = "None" }) => {
        const values = [target.parse(document[name])].flat()
        return { namespace, name, unit, dimensions, values }
      })
    }),
  )
}
