/** Models with their provider, by the same names whoever sends them. Source: docs/spec/requirements.md, T-12. */
import { nameText } from '@/lib/domains/traces/normalize/text';
import { bookProvider } from '@/lib/domains/traces/prices/match-model';

/** Provider as the price book spells it; null where it is empty. */
export function providerName(sent: string): string | null {
  const name = nameText(sent);
  return name && bookProvider(name);
}

/** What a model's name begins with, where nobody says its provider; null where there is no such beginning. */
export function providerOf(model: string | null): string | null {
  const slash = model?.indexOf('/') ?? -1;
  return model !== null && slash > 0 ? model.slice(0, slash) : null;
}

/** `provider/model`, unless the model's name begins with its provider already. */
export function withProvider(model: string | null, provider: string): string | null {
  if (model === null) return null;
  const first = providerOf(model);
  if (first !== null && (first === provider || providerName(first) === provider)) {
    return `${provider}${model.slice(first.length)}`;
  }
  return nameText(`${provider}/${model}`);
}
