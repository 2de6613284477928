/** Faults between the SDK's retries and DynamoDB: a request takes effect, and its answer never comes. */
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb"

export interface LostAnswers {
  /** Give it to what makes clients. */
  readonly adapt: (client: DynamoDBClient) => void
  /** Loses the next `times` answers to this command; `meanwhile` happens after the effect of the first. */
  lose(command: string, times: number, meanwhile?: () => unknown): void
  /** How many answers are still to be lost: 0 shows that every fault happened. */
  left(): number
}

interface Fault {
  readonly command: string
  times: number
  meanwhile: (() => unknown) | undefined
}

export function lostAnswers(): LostAnswers {
  const faults: Fault[] = []
  const adapt = (client: DynamoDBClient) => {
    client.middlewareStack.add(
      (next, context) => async (args) => {
        const fault = faults.find((each) => each.times > 0 && `${each.command}Command` === context["commandName"])
        if (fault === undefined) return next(args)
        fault.times -= 1
        // A refusal's answer is lost as well.
        await next(args).catch(() => undefined)
        const { meanwhile } = fault
        fault.meanwhile = undefined
        await meanwhile?.()
        throw Object.assign(new Error("the answer was lost"), { name: "TimeoutError", code: "ECONNRESET" })
      },
      { name: "loseAnswers", step: "deserialize", priority: "low" },
    )
  }
  return {
    adapt,
    lose: (command, times, meanwhile) => faults.push({ command, times, meanwhile }),
    left: () => faults.reduce((sum, { times }) => sum + times, 0),
  }
}
