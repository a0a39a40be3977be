/** A set of small natural numbers, as bits: ten million fit in little more than a megabyte. */
export class Numbers {
  #bytes = new Uint8Array(1_024);
  #size = 0;

  /** How many are in it. */
  get size(): number {
    return this.#size;
  }

  has(number: number): boolean {
    return ((this.#bytes[number >>> 3] ?? 0) & (1 << (number & 7))) !== 0;
  }

  add(number: number): void {
    if (this.has(number)) return;
    const at = number >>> 3;
    if (at >= this.#bytes.length) {
      const grown = new Uint8Array(Math.max(at + 1, this.#bytes.length * 2));
      grown.set(this.#bytes);
      this.#bytes = grown;
    }
    this.#bytes[at] = (this.#bytes[at] ?? 0) | (1 << (number & 7));
    this.#size++;
  }

  /** How many of these are not in `others`. */
  missingIn(others: Numbers): number {
    let missing = 0;
    for (let number = 0; number < this.#bytes.length * 8; number++)
      if (this.has(number) && !others.has(number)) missing++;
    return missing;
  }
}
