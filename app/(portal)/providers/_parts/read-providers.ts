/** Everything the list of providers shows, read at once; a warehouse that is down becomes a card. */
import { allCredentials } from '@/app/(portal)/credentials/_parts/all-credentials';
import type { FoundConfig } from '@/app/(portal)/providers/_parts/provider-page';
import type { ListConfigsInput } from '@/lib/domains/providers/input';
import type { ProviderUse } from '@/lib/domains/providers/limit';
import { type ConfigPage, findConfig, listConfigs, providerUse } from '@/lib/domains/providers/queries';
import { type CardData, cardData } from '@/lib/edge/portal/page-card';
import type { Ctx } from '@/lib/kernel/ctx';
import { AppError } from '@/lib/platform/errors';

/** One page of the list. A wrong cursor starts over. */
async function readPage(ctx: Ctx, filter: ListConfigsInput): Promise<CardData<ConfigPage>> {
  try {
    return await cardData(ctx.requestId, listConfigs(ctx, filter));
  } catch (error) {
    if (error instanceof AppError && error.code === 'invalid_cursor')
      return readPage(ctx, { ...filter, after: undefined });
    throw error;
  }
}

/** The config that was just changed; null where the address names none of the customer's. */
async function changedConfig(ctx: Ctx, id: string | undefined): Promise<FoundConfig | null> {
  if (!id) return null;
  return findConfig(ctx, id).catch(error => {
    if (error instanceof AppError && error.code === 'not_found') return null;
    throw error;
  });
}

export type ProvidersRead = {
  page: CardData<ConfigPage>;
  use: ProviderUse;
  credentials: ReadonlyMap<string, string>;
  changed: FoundConfig | null;
};

/** `changedId` is the config that the page tells something about. */
export async function readProviders(
  ctx: Ctx,
  filter: ListConfigsInput,
  changedId: string | undefined,
): Promise<ProvidersRead> {
  const [page, use, credentials, changed] = await Promise.all([
    readPage(ctx, filter),
    providerUse(ctx),
    allCredentials(ctx),
    changedConfig(ctx, changedId),
  ]);
  return {
    page,
    use,
    credentials: new Map(credentials.map(({ credential_id, name }) => [credential_id, name])),
    changed,
  };
}
