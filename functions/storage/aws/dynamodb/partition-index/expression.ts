import type { AttributeValue } from "@aws-sdk/client-dynamodb"

/** What an UpdateItem says beside its key. */
export interface UpdateExpressions {
  readonly UpdateExpression: string
  readonly ConditionExpression: string
  readonly ExpressionAttributeNames?: Record<string, string>
  readonly ExpressionAttributeValues?: Record<string, AttributeValue>
}

/** Collects conditions and changes. Attributes of one letter are no reserved words and stand for themselves. */
export class ExpressionBuilder {
  readonly #names = new Map<string, string>()
  readonly #values: AttributeValue[] = []
  readonly #conditions: string[] = []
  readonly #sets: string[] = []
  readonly #removes: string[] = []

  /** A placeholder. */
  name(name: string): string {
    const placeholder = this.#names.get(name) ?? `#${this.#names.size}`
    this.#names.set(name, placeholder)
    return placeholder
  }

  /** A placeholder. */
  value(value: AttributeValue): string {
    return `:${this.#values.push(value) - 1}`
  }

  number(value: number): string {
    return this.value({ N: `${value}` })
  }

  require(condition: string): void {
    this.#conditions.push(condition)
  }

  set(path: string, expression: string): void {
    this.#sets.push(`${path} = ${expression}`)
  }

  remove(path: string): void {
    this.#removes.push(path)
  }

  done(): UpdateExpressions {
    const sets = this.#sets.length > 0 ? [`SET ${this.#sets.join(", ")}`] : []
    const removes = this.#removes.length > 0 ? [`REMOVE ${this.#removes.join(", ")}`] : []
    return {
      UpdateExpression: [...sets, ...removes].join(" "),
      ConditionExpression: this.#conditions.join(" AND "),
      ...(this.#names.size > 0 && {
        ExpressionAttributeNames: Object.fromEntries(
          [...this.#names].map(([name, placeholder]) => [placeholder, name]),
        ),
      }),
      ...(this.#values.length > 0 && {
        ExpressionAttributeValues: Object.fromEntries(this.#values.map((value, index) => [`:${index}`, value])),
      }),
    }
  }
}
