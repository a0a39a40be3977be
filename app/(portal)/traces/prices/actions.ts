'use server';
/** Forms of prices: the same commands as the JSON routes. */
import { dollarsIn, text } from '@/app/(portal)/_shell/form-values';
import { pricesHref } from '@/app/(portal)/traces/prices/_parts/price-words';
import { deleteModelPrice, setModelPrice } from '@/lib/domains/traces/prices/own-prices';
import { startReprice } from '@/lib/domains/traces/prices/reprice/start-reprice';
import { memberAction } from '@/lib/edge/portal/action';
import type { FormState } from '@/lib/edge/portal/form-state';
import { land } from '@/lib/edge/portal/landing';

const done = (what: string): Promise<never> => land(`${pricesHref}?done=${what}`);

export async function setPriceAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }, values) => {
    await setModelPrice(ctx, {
      provider: text(values.provider),
      model: text(values.model),
      effective_from: text(values.effective_from) || undefined,
      input_usd: dollarsIn(values.input_usd),
      output_usd: dollarsIn(values.output_usd),
      cache_read_usd: dollarsIn(values.cache_read_usd),
      cache_write_usd: dollarsIn(values.cache_write_usd),
      cache_write_1h_usd: dollarsIn(values.cache_write_1h_usd),
      reasoning_usd: dollarsIn(values.reasoning_usd),
    });
    return done('set');
  });
}

export async function deletePriceAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }, values) => {
    await deleteModelPrice(ctx, { price_id: text(values.price_id) });
    return done('deleted');
  });
}

export async function recalculateAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }, values) => {
    await startReprice(ctx, { days: text(values.days) });
    return done('recalculated');
  });
}
