/** What a recompute changed: cost before and after, in all and by model. */

/** Of a model before or after, in the period. */
export type ModelTotal = {
  provider: string | null;
  model: string | null;
  requests: number;
  /** Requests without a book price. */
  unpriced: number;
  cost_usd: number;
};
export type Totals = { requests: number; unpriced: number; cost_usd: number };

export type ModelChange = {
  provider: string | null;
  model: string | null;
  requests: number;
  unpriced_before: number;
  unpriced_after: number;
  cost_before_usd: number;
  cost_after_usd: number;
};
export type RepriceReport = {
  before: Totals;
  after: Totals;
  /** Requests whose cost or price changed. */
  changed: number;
  /** Models that changed, the largest change first; at most mostModels of them. */
  models: ModelChange[];
  /** Models that changed beyond those. */
  more_models: number;
};

/** Models that a report names. */
const mostModels = 50;

const totalOf = (models: readonly ModelTotal[]): Totals => ({
  requests: models.reduce((sum, { requests }) => sum + requests, 0),
  unpriced: models.reduce((sum, { unpriced }) => sum + unpriced, 0),
  cost_usd: models.reduce((sum, { cost_usd }) => sum + cost_usd, 0),
});

const keyOf = ({ provider, model }: ModelTotal): string => JSON.stringify([provider, model]);
const sizeOf = (change: ModelChange): number => Math.abs(change.cost_after_usd - change.cost_before_usd);
const hasChanged = (change: ModelChange): boolean =>
  change.cost_before_usd !== change.cost_after_usd || change.unpriced_before !== change.unpriced_after;

/** The report of a recompute from the models' totals before and after it. */
export function repriceReport(
  before: readonly ModelTotal[],
  after: readonly ModelTotal[],
  changed: number,
): RepriceReport {
  const earlier = new Map(before.map(total => [keyOf(total), total]));
  const changes = after
    .map(total => ({
      provider: total.provider,
      model: total.model,
      requests: total.requests,
      unpriced_before: earlier.get(keyOf(total))?.unpriced ?? 0,
      unpriced_after: total.unpriced,
      cost_before_usd: earlier.get(keyOf(total))?.cost_usd ?? 0,
      cost_after_usd: total.cost_usd,
    }))
    .filter(hasChanged)
    .sort((a, b) => sizeOf(b) - sizeOf(a));
  const models = changes.slice(0, mostModels);
  return {
    before: totalOf(before),
    after: totalOf(after),
    changed,
    models,
    more_models: changes.length - models.length,
  };
}
