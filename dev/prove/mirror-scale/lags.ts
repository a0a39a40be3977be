/** Percentiles of many lags in little memory: counts of classes that are a hundredth apart. */

export class Lags {
  readonly #classes = new Map<number, number>();
  count = 0;
  mostMs = 0;

  add(lagMs: number, times = 1): void {
    const index = Math.round(Math.log(Math.max(1, lagMs)) * 100);
    this.#classes.set(index, (this.#classes.get(index) ?? 0) + times);
    this.count += times;
    this.mostMs = Math.max(this.mostMs, lagMs);
  }

  /** In ms; NaN where there is none. */
  percentile(share: number): number {
    let left = this.count * share;
    for (const [index, times] of [...this.#classes].sort(([a], [b]) => a - b)) {
      left -= times;
      if (left <= 0) return Math.min(this.mostMs, Math.exp(index / 100));
    }
    return Number.NaN;
  }
}
