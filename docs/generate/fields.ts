/** A JSON schema of the OpenAPI document as rows for people: each field by its path, with its type and meaning. */
export interface Schema {
  readonly $ref?: string
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema | false
  readonly prefixItems?: readonly Schema[]
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly minItems?: number
  readonly maxItems?: number
  readonly pattern?: string
  readonly format?: string
  readonly description?: string
}

export interface Field {
  readonly path: string
  readonly type: string
  readonly required: boolean
  readonly meaning: string
}

/** Where the schemas that have a name are described: name -> link. */
export type Places = ReadonlyMap<string, string>

const REFERENCE = "#/components/schemas/"

export class Fields {
  readonly #places: Places

  constructor(places: Places) {
    this.#places = places
  }

  /** Every field below `schema`, as far as it is not described at a place of its own. */
  of(schema: Schema, prefix = ""): readonly Field[] {
    const { $ref, properties = {}, required = [], anyOf = [], items } = schema
    if ($ref !== undefined) return []
    if (anyOf.length > 0) return uniquePaths(anyOf.flatMap((alternative) => this.of(alternative, prefix)))
    if (items) return this.of(items, `${prefix}[]`)
    return Object.entries(properties).flatMap(([name, field]) => {
      const path = prefix === "" ? name : `${prefix}.${name}`
      const meaning = field.description ?? ""
      const row = { path, type: this.typeOf(field), required: required.includes(name), meaning }
      return [row, ...this.of(field, path)]
    })
  }

  /** In words: `integer 0..9999`, `delete | compact`, `list of object`. */
  typeOf(schema: Schema): string {
    const { $ref, type, enum: values, const: value, anyOf, items, prefixItems, ...rest } = schema
    if ($ref !== undefined) return this.#linkTo($ref)
    if (anyOf !== undefined) return [...new Set(anyOf.map((each) => this.typeOf(each)))].join(" or ")
    if (values !== undefined) return values.map((each) => `\`${String(each)}\``).join(" \\| ")
    if (value !== undefined) return `\`${JSON.stringify(value)}\``
    if (prefixItems !== undefined) return `[${prefixItems.map((each) => this.typeOf(each)).join(", ")}]`
    if (type === "array") return `list of ${items ? this.typeOf(items) : "anything"}`
    if (rest.format === "base64") return "base64"
    if (type === undefined) return "any JSON"
    return type + range(type === "string" ? [rest.minLength, rest.maxLength] : [rest.minimum, rest.maximum])
  }

  #linkTo(reference: string): string {
    const name = reference.replace(REFERENCE, "")
    const place = this.#places.get(name)
    if (place === undefined) throw new Error(`${name} is described nowhere`)
    return `[${name}](${place})`
  }
}

/** Bounds that say something: everything fits into 2^53, and a lower bound of 0 is what numbers here have anyway. */
function range([least, most]: readonly [number | undefined, number | undefined]): string {
  const upper = most === Number.MAX_SAFE_INTEGER ? undefined : most
  const lower = least === 0 || least === Number.MIN_SAFE_INTEGER ? undefined : least
  if (upper !== undefined) return ` ${least ?? 0}..${upper}`
  return lower === undefined ? "" : ` from ${lower}`
}

function uniquePaths(fields: readonly Field[]): readonly Field[] {
  return fields.filter(({ path }, index) => fields.findIndex((each) => each.path === path) === index)
}
