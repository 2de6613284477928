/**
 * The last offset of each key, for a bounded number of keys: Kafka's SkimpyOffsetMap. Keys are known by 16 bytes of a
 * cryptographic hash, so that their size does not matter. Open addressing in typed arrays, at most three quarters full.
 */
const HASH_WORDS = 4
const FIRST_SLOTS = 1024

export class KeyOffsets {
  readonly #maxKeys: number
  #slots = FIRST_SLOTS
  #words = new Uint32Array(FIRST_SLOTS * HASH_WORDS)
  #offsets = new Float64Array(FIRST_SLOTS).fill(-1)
  #size = 0

  constructor(maxKeys: number) {
    this.#maxKeys = maxKeys
  }

  get size(): number {
    return this.#size
  }

  /** False, and nothing is noted, where this would be one key too many. */
  put(hash: Uint8Array, offset: number): boolean {
    let slot = this.#slotOf(hash)
    if (this.#offsets[slot] === -1) {
      if (this.#size >= this.#maxKeys) return false
      if ((this.#size + 1) * 4 > this.#slots * 3) {
        this.#grow()
        slot = this.#slotOf(hash)
      }
      for (let word = 0; word < HASH_WORDS; word++) this.#words[slot * HASH_WORDS + word] = wordAt(hash, word)
      this.#size++
    }
    this.#offsets[slot] = offset
    return true
  }

  /** Undefined for a key that was never put. */
  get(hash: Uint8Array): number | undefined {
    const offset = this.#offsets[this.#slotOf(hash)]
    return offset === -1 ? undefined : offset
  }

  /** Where the key is, or the free slot where it would be. */
  #slotOf(hash: Uint8Array): number {
    let slot = wordAt(hash, 0) & (this.#slots - 1)
    while (this.#offsets[slot] !== -1 && !this.#holds(slot, hash)) slot = (slot + 1) & (this.#slots - 1)
    return slot
  }

  #holds(slot: number, hash: Uint8Array): boolean {
    for (let word = 0; word < HASH_WORDS; word++) {
      if (this.#words[slot * HASH_WORDS + word] !== wordAt(hash, word)) return false
    }
    return true
  }

  #grow(): void {
    const words = this.#words
    const offsets = this.#offsets
    this.#slots *= 2
    this.#words = new Uint32Array(this.#slots * HASH_WORDS)
    this.#offsets = new Float64Array(this.#slots).fill(-1)
    for (let old = 0; old < offsets.length; old++) {
      const offset = offsets[old] ?? -1
      if (offset === -1) continue
      let slot = (words[old * HASH_WORDS] ?? 0) & (this.#slots - 1)
      while (this.#offsets[slot] !== -1) slot = (slot + 1) & (this.#slots - 1)
      this.#words.set(words.subarray(old * HASH_WORDS, (old + 1) * HASH_WORDS), slot * HASH_WORDS)
      this.#offsets[slot] = offset
    }
  }
}

function wordAt(hash: Uint8Array, word: number): number {
  const at = word * 4
  return (
    ((hash[at] ?? 0) | ((hash[at + 1] ?? 0) << 8) | ((hash[at + 2] ?? 0) << 16) | ((hash[at + 3] ?? 0) << 24)) >>> 0
  )
}
