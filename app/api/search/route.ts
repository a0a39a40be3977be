/** GET: things of the organization by name or id, at most five of a kind. For browsers; keys have the lists. */
import { hrefOfFound } from '@/app/(portal)/_shell/found-href';
import { kindTitles } from '@/lib/domains/search/rules';
import { search } from '@/lib/domains/search/search';
import { defineRoute } from '@/lib/edge/portal/route';

export const GET = defineRoute({
  summary: 'Find things by name or id',
  input: search.input,
  name: 'search.find',
  method: 'GET',
  permission: 'organization:read',
  query: async ({ ctx, raw }) => {
    const { found } = await search(ctx, raw);
    const data = found.map(({ kind, id, name, detail, at }) => ({
      kind,
      group: kindTitles[kind],
      id,
      name,
      detail,
      at,
      href: hrefOfFound({ kind, id }),
    }));
    return { status: 200, body: { data } };
  },
});
