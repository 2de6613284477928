import type { Random } from "./random.ts"

const SECTOR = 512

/**
 * A file as the page cache shows it, and what of it is on the disk. Sectors reach the disk in any order and at any
 * time; only those that a sync covered are sure to be there. The size is written apart from them.
 */
export class SimulatedFile {
  #cached = new Uint8Array(0)
  readonly #durable = new Map<number, Uint8Array>()
  #durableSize = 0
  /** Contents that each sector had since its last sync, oldest first; any may be on the disk. */
  readonly #dirty = new Map<number, Uint8Array[]>()
  #sizes: number[] = []

  get size(): number {
    return this.#cached.length
  }

  read(into: Uint8Array, position: number): number {
    const bytes = this.#cached.subarray(position, position + into.length)
    into.set(bytes)
    return bytes.length
  }

  write(bytes: Uint8Array, position: number): void {
    if (position + bytes.length > this.size) this.#resize(position + bytes.length)
    // Writing back a page behind the size on the disk also writes the size, even if an earlier attempt has failed.
    else if ((this.#sizes.at(-1) ?? this.#durableSize) !== this.size) this.#sizes.push(this.size)
    this.#cached.set(bytes, position)
    this.#touch(position, position + bytes.length)
  }

  truncate(length: number): void {
    const before = this.size
    this.#resize(length)
    this.#touch(Math.min(before, length), Math.max(before, length))
  }

  /** Covers what was written before the call; `finish` says when, and whether, it reached the disk. */
  beginSync(): { readonly finish: (succeeded: boolean, random: Random) => void } {
    const covered = [...this.#dirty].map(([sector, versions]) => ({ sector, count: versions.length }))
    const sizes = this.#sizes.length
    const finish = (succeeded: boolean, random: Random): void => {
      for (const { sector, count } of covered) {
        const versions = this.#dirty.get(sector)?.splice(0, count) ?? []
        if (this.#dirty.get(sector)?.length === 0) this.#dirty.delete(sector)
        // After a failed sync the kernel takes the pages for clean: what is on the disk stays what it happened to be.
        const kept = succeeded ? versions.at(-1) : random.pick([this.#durable.get(sector) ?? zeros(), ...versions])
        if (kept !== undefined) this.#durable.set(sector, kept)
      }
      const written = this.#sizes.splice(0, sizes)
      const size = succeeded ? written.at(-1) : random.pick([this.#durableSize, ...written])
      if (size !== undefined) this.#durableSize = size
    }
    return { finish }
  }

  /** The file as the power loss leaves it. */
  losePower(random: Random): void {
    const size = random.pick([this.#durableSize, ...this.#sizes])
    const bytes = new Uint8Array(size)
    for (let sector = 0; sector * SECTOR < size; sector++) {
      const durable = this.#durable.get(sector)
      const versions = this.#dirty.get(sector) ?? []
      const neverWritten = durable === undefined && versions.length > 0 && random.chance(0.1)
      const content = neverWritten ? garbage(random) : random.pick([durable ?? zeros(), ...versions])
      bytes.set(content.subarray(0, Math.min(SECTOR, size - sector * SECTOR)), sector * SECTOR)
      this.#durable.set(sector, content)
    }
    this.#cached = bytes
    this.#durableSize = size
    this.#dirty.clear()
    this.#sizes = []
  }

  #resize(length: number): void {
    const resized = new Uint8Array(length)
    resized.set(this.#cached.subarray(0, length))
    this.#cached = resized
    this.#sizes.push(length)
  }

  #touch(from: number, to: number): void {
    for (let sector = Math.floor(from / SECTOR); sector * SECTOR < to; sector++) {
      const content = zeros()
      content.set(this.#cached.subarray(sector * SECTOR, (sector + 1) * SECTOR))
      const versions = this.#dirty.get(sector)
      if (versions === undefined) this.#dirty.set(sector, [content])
      else versions.push(content)
    }
  }
}

function zeros(): Uint8Array {
  return new Uint8Array(SECTOR)
}

/** What a block held before it became part of this file. */
function garbage(random: Random): Uint8Array {
  return Uint8Array.from({ length: SECTOR }, () => random.below(256))
}
