/** Reads LiteLLM's map of prices (`model_prices_and_context_window.json`): dollars a token become dollars a million. */
import { bookProvider, withoutProvider } from '@/lib/domains/traces/prices/match-model';
import type { PriceFigures } from '@/lib/domains/traces/prices/price-input';

/** What a model costs, by the names of the JSON routes. */
export type NamedPrice = { provider: string; model: string } & PriceFigures;

export type ReadMap = {
  prices: NamedPrice[];
  /** Models whose tokens have no price, as of pictures, or whose seller is not named. */
  unpriced: number;
  /** Models with a price of 0, which there means as often that nobody knows it. */
  free: number;
  /** Models that the map has under two names with different prices; the first one counts. */
  doubled: number;
};

/** Dollars per million of a price per token, without the dust of the multiplication; null where the map says none. */
function perMillion(value: unknown): number | null {
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) return null;
  return Number((value * 1_000_000).toPrecision(12));
}

function figuresOf(model: Record<string, unknown>): PriceFigures | 'free' | null {
  const input = perMillion(model.input_cost_per_token);
  const output = perMillion(model.output_cost_per_token) ?? 0;
  if (input === null) return null;
  if (input === 0 && output === 0) return 'free';
  return {
    input_usd: input,
    output_usd: output,
    cache_read_usd: perMillion(model.cache_read_input_token_cost),
    cache_write_usd: perMillion(model.cache_creation_input_token_cost),
    cache_write_1h_usd: perMillion(model.cache_creation_input_token_cost_above_1hr),
    reasoning_usd: perMillion(model.output_cost_per_reasoning_token),
  };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The prices of a map; null where it is none. `sample_spec`, which explains the map, is no model. */
export function readLitellmMap(map: unknown): ReadMap | null {
  if (!isObject(map)) return null;
  const { sample_spec: _, ...models } = map;
  const found = new Map<string, NamedPrice>();
  let [unpriced, free, doubled] = [0, 0, 0];
  for (const [name, model] of Object.entries(models)) {
    const figures = isObject(model) && typeof model.litellm_provider === 'string' ? figuresOf(model) : null;
    if (figures === 'free') free += 1;
    else if (!figures || !isObject(model)) unpriced += 1;
    if (!figures || figures === 'free' || !isObject(model)) continue;
    const provider = bookProvider(String(model.litellm_provider));
    const price = { provider, model: withoutProvider(provider, name), ...figures };
    const key = `${price.provider}\n${price.model}`;
    const known = found.get(key);
    if (!known) found.set(key, price);
    else if (JSON.stringify(known) !== JSON.stringify(price)) doubled += 1;
  }
  return found.size === 0 ? null : { prices: [...found.values()], unpriced, free, doubled };
}
