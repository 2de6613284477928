/** A bucket of the S3 in memory. With versioning, what is written over or deleted stays as a version. */

export interface Version {
  readonly id: string
  /** Undefined for the mark of a deletion. */
  readonly bytes: Buffer | undefined
  readonly storedAt: Date
}

/** A version and its key, as they are listed. */
export interface ListedVersion extends Version {
  readonly key: string
  readonly isLatest: boolean
}

export class StoredBucket {
  /** By key, the newest first. */
  readonly #versions = new Map<string, Version[]>()
  #isVersioned = false
  #given = 0

  get isEmpty(): boolean {
    return this.#versions.size === 0
  }

  setVersioned(isVersioned: boolean): void {
    this.#isVersioned = isVersioned
  }

  put(key: string, bytes: Buffer): void {
    this.#add(key, bytes)
  }

  /** The object that a reader gets. */
  get(key: string): { readonly bytes: Buffer; readonly storedAt: Date } | undefined {
    const newest = this.#versions.get(key)?.[0]
    return newest?.bytes === undefined ? undefined : { bytes: newest.bytes, storedAt: newest.storedAt }
  }

  version(key: string, id: string): Version | undefined {
    return this.#versions.get(key)?.find((version) => version.id === id)
  }

  delete(key: string): void {
    if (this.#isVersioned) this.#add(key, undefined)
    else this.#versions.delete(key)
  }

  /** Whether there was such a version. */
  deleteVersion(key: string, id: string): boolean {
    const versions = this.#versions.get(key) ?? []
    const left = versions.filter((version) => version.id !== id)
    if (left.length > 0) this.#versions.set(key, left)
    else this.#versions.delete(key)
    return left.length < versions.length
  }

  /** Of the objects that a reader sees, in their order. */
  keys(prefix: string): string[] {
    return this.#sorted(prefix).filter((key) => this.get(key) !== undefined)
  }

  /** In the order of keys, of each the newest first. */
  list(prefix: string): ListedVersion[] {
    return this.#sorted(prefix).flatMap((key) =>
      (this.#versions.get(key) ?? []).map((version, place) => ({ ...version, key, isLatest: place === 0 })),
    )
  }

  #sorted(prefix: string): string[] {
    return [...this.#versions.keys()].filter((key) => key.startsWith(prefix)).sort()
  }

  #add(key: string, bytes: Buffer | undefined): void {
    this.#given += 1
    const id = this.#isVersioned ? `version-${this.#given}` : "null"
    const before = this.#isVersioned ? (this.#versions.get(key) ?? []) : []
    this.#versions.set(key, [{ id, bytes, storedAt: new Date() }, ...before])
  }
}
