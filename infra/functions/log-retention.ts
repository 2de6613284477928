import { RetentionDays } from "aws-cdk-lib/aws-logs"
import { SettingError } from "../setting-error.ts"

const CHOICES = Object.values(RetentionDays)
  .filter((choice) => typeof choice !== "string")
  .filter((choice) => choice !== RetentionDays.INFINITE)

/** Throws with a sentence for the person who wrote it where CloudWatch knows no such retention. */
export function retentionOf(days: number): RetentionDays {
  const found = CHOICES.find((choice) => Number(choice) === days)
  if (found === undefined) throw new SettingError(`logRetention: choose ${CHOICES.join(", ")} days, not ${days}.`)
  return found
}
