/** Models with their provider, by the same names whoever sends them. Source: docs/spec/requirements.md, T-12. */
import { nameText } from '@/lib/domains/traces/normalize/text';
import { bookProvider } from '@/lib/domains/traces/prices/match-model';
import { traceSizes } from '@/lib/domains/traces/rules';

/** Provider as the price book spells it; null where it is empty. */
export function providerName(sent: string): string | null {
  const name = nameText(sent);
  return name && bookProvider(name);
}

export type NamedModel = { model: string | null; provider: string | null };

/** `provider/model`, unless the model's name begins with its provider already; without a provider the name's own beginning is one. */
export function nameModel(model: string | null, provider: string | null): NamedModel {
  if (model === null) return { model, provider };
  const slash = model.indexOf('/');
  if (provider === null) return { model, provider: slash > 0 ? model.slice(0, slash) : null };
  if (slash > 0 && providerName(model.slice(0, slash)) === provider) {
    return { model: `${provider}${model.slice(slash)}`, provider };
  }
  return { model: nameText(`${provider}/${model}`.slice(0, traceSizes.nameSigns)), provider };
}
