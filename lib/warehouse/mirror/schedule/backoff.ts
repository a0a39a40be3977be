/** How long to wait after a failure: each further one of the same name doubles the wait, with jitter. */
const firstMs = 500;
const longestMs = 30_000;

export class Backoff {
  readonly #failures = new Map<string, number>();

  /** Notes a failure; answers the wait in ms, between half and the whole of 0.5, 1, 2 … 30 s. */
  add(name: string): number {
    const failures = (this.#failures.get(name) ?? 0) + 1;
    this.#failures.set(name, failures);
    return Math.round(Math.min(longestMs, firstMs * 2 ** (failures - 1)) * (0.5 + Math.random() / 2));
  }

  /** Success: the next failure waits 0.5 s again. */
  clear(name: string): void {
    this.#failures.delete(name);
  }
}
