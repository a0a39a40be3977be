'use server';
/** Forms of prices: the same commands as the JSON routes. */
import { redirect } from 'next/navigation';
import { text } from '@/app/(portal)/_shell/form-values';
import { pricesHref } from '@/app/(portal)/traces/prices/_parts/price-words';
import { deleteModelPrice, setModelPrice } from '@/lib/domains/traces/prices/own-prices';
import { startReprice } from '@/lib/domains/traces/prices/reprice/start-reprice';
import { type FormValues, memberAction } from '@/lib/edge/portal/action';
import type { FormState } from '@/lib/edge/portal/form-state';

const done = (what: string): never => redirect(`${pricesHref}?done=${what}`);

/** The number in a field; null where it is empty, and what is no number as it is, to be refused by its field. */
function numberIn(value: FormValues[string] | undefined): number | string | null {
  const typed = text(value)
    .trim()
    .replace(/^\$\s*/, '');
  return typed === '' ? null : Number.isFinite(Number(typed)) ? Number(typed) : typed;
}

export async function setPriceAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }, values) => {
    await setModelPrice(ctx, {
      provider: text(values.provider),
      model: text(values.model),
      effective_from: text(values.effective_from) || undefined,
      input_usd: numberIn(values.input_usd),
      output_usd: numberIn(values.output_usd),
      cache_read_usd: numberIn(values.cache_read_usd),
      cache_write_usd: numberIn(values.cache_write_usd),
      cache_write_1h_usd: numberIn(values.cache_write_1h_usd),
      reasoning_usd: numberIn(values.reasoning_usd),
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
