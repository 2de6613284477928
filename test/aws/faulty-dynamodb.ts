/** Faults between the client of DynamoDB and DynamoDB itself, below the client's own attempts. */
import type { DynamoDBClient } from "@aws-sdk/client-dynamodb"

/** A command without the word behind it: UpdateItem. */
type CommandName = string

/** Sends the input, or another one, and gives its output or another one. */
type Detour = (
  input: Readonly<Record<string, unknown>>,
  send: (input: Readonly<Record<string, unknown>>) => Promise<Record<string, unknown>>,
) => Promise<Record<string, unknown>>

interface Loss {
  left: number
  readonly effect: boolean
  meanwhile: (() => unknown) | undefined
}

export class FaultyDynamoDb {
  /** Attempts that were sent, by command. */
  readonly attempts = new Map<CommandName, number>()
  readonly #losing = new Map<CommandName, Loss>()
  readonly #detours = new Map<CommandName, Detour>()

  /** For `temporaryTable`. */
  readonly adapt = (client: DynamoDBClient): void => {
    client.middlewareStack.add(
      (next, context) => async (args) => {
        const name = nameOf(context)
        this.attempts.set(name, (this.attempts.get(name) ?? 0) + 1)
        const losing = this.#losing.get(name)
        if (losing === undefined || losing.left === 0) return next(args)
        losing.left -= 1
        // The answer that a condition failed is lost like any other.
        if (losing.effect) await next(args).catch(() => undefined)
        const { meanwhile } = losing
        losing.meanwhile = undefined
        await meanwhile?.()
        throw Object.assign(new Error("the connection broke"), { name: "TimeoutError", code: "ECONNRESET" })
      },
      { step: "deserialize", priority: "low", name: "loseAnswers" },
    )
    client.middlewareStack.add(
      (next, context) => async (args) => {
        const detour = this.#detours.get(nameOf(context))
        if (detour === undefined) return next(args)
        const output = await detour({ ...args.input }, async (input) => {
          const answer = await next({ ...args, input: { ...args.input, ...input } })
          return { ...answer.output }
        })
        return { response: undefined, output: { $metadata: {}, ...output } }
      },
      { step: "initialize", name: "detour" },
    )
  }

  /**
   * The next so many attempts of a command: they take effect and their answers are lost. `meanwhile` happens after the
   * first, before its caller notices.
   */
  loseAnswers(command: CommandName, times: number, meanwhile?: () => unknown): void {
    this.#losing.set(command, { left: times, effect: true, meanwhile })
  }

  /** They never arrive, and nobody can know. */
  loseRequests(command: CommandName, times: number): void {
    this.#losing.set(command, { left: times, effect: false, meanwhile: undefined })
  }

  /** Losses that did not happen yet. */
  left(): number {
    return [...this.#losing.values()].reduce((sum, { left }) => sum + left, 0)
  }

  /** From now on, in the place of each request of a command. */
  detour(command: CommandName, detour: Detour): void {
    this.#detours.set(command, detour)
  }

  /** No more faults, and attempts counted anew. */
  clear(): void {
    this.attempts.clear()
    this.#losing.clear()
    this.#detours.clear()
  }
}

function nameOf(context: { readonly commandName?: string }): CommandName {
  return context.commandName?.replace(/Command$/, "") ?? ""
}
