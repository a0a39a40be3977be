/** The credentials of the organization by name, for forms that choose among them. */
import { type ListedCredential, listCredentials } from '@/lib/domains/credentials/queries';
import { maxCredentials } from '@/lib/domains/credentials/rules';
import { cardData } from '@/lib/edge/portal/page-card';
import type { Ctx } from '@/lib/kernel/ctx';

/** The customer's credentials; none where they cannot be read, for a page that only names them. */
export async function allCredentials(ctx: Ctx): Promise<ListedCredential[]> {
  const read = await cardData(ctx.requestId, listCredentials(ctx, { limit: maxCredentials, sort: 'name', dir: 'asc' }));
  return read.ok ? read.data.credentials : [];
}
