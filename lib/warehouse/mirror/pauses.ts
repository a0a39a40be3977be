/** What is not tried again before some time has passed; each further failure doubles the wait, with jitter. */
const firstMs = 500;
const longestMs = 30_000;

export class Pauses {
  readonly #until = new Map<string, { until: number; failures: number }>();

  /** Notes a failure; answers the wait in ms, between half and the whole of 0.5, 1, 2 … 30 s. */
  add(name: string): number {
    const failures = (this.#until.get(name)?.failures ?? 0) + 1;
    const waitMs = Math.round(Math.min(longestMs, firstMs * 2 ** (failures - 1)) * (0.5 + Math.random() / 2));
    this.#until.set(name, { until: Date.now() + waitMs, failures });
    return waitMs;
  }

  /** A rest that is no failure. */
  addFor(name: string, waitMs: number): void {
    this.#until.set(name, { until: Date.now() + waitMs, failures: this.#until.get(name)?.failures ?? 0 });
  }

  has(name: string): boolean {
    return (this.#until.get(name)?.until ?? 0) > Date.now();
  }

  /** The names that start so and rest now, without that start; those long over are forgotten. */
  under(prefix: string): string[] {
    const resting: string[] = [];
    for (const [name, { until }] of this.#until) {
      if (!name.startsWith(prefix)) continue;
      if (until > Date.now()) resting.push(name.slice(prefix.length));
      else if (until < Date.now() - 10 * longestMs) this.#until.delete(name);
    }
    return resting;
  }

  /** Success: the next failure waits 0.5 s again. */
  clear(name: string): void {
    this.#until.delete(name);
  }
}
