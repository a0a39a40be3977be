/** A list page's address as a filter. */
import type { z } from 'zod';
import { type ListParams, listParams } from '@/app/_ui/list-params';
import { toPageSize } from '@/app/_ui/page-sizes';
import { rememberedSize } from '@/app/_ui/remembered-size';

/** What Next gives a page of its query. */
export type Search = Promise<Record<string, string | string[] | undefined>>;

type SearchFilter<Schema extends z.ZodObject> = {
  /** What stands in the address and is known. */
  params: ListParams;
  filter: z.output<Schema>;
  /** True where the address was not understood: then everything is shown, and the page says so. */
  unknown: boolean;
};

type Options = {
  choosesLength?: boolean;
  /** The order where the address names none: the column that matters first. */
  initial?: { sort?: string; dir?: 'asc' | 'desc' };
};

/**
 * The fields of the schema that the address names; others of it are left alone. How long a page is, is one of the sizes
 * that are offered, in the address or as chosen last, or any where `choosesLength`.
 */
export async function searchFilter<Schema extends z.ZodObject>(
  schema: Schema,
  search: Search,
  { choosesLength = false, initial = {} }: Options = {},
): Promise<SearchFilter<Schema>> {
  const known = Object.keys(schema.shape);
  const params: ListParams = Object.fromEntries(
    Object.entries(listParams(await search)).filter(
      ([name, value]) => known.includes(name) && (name !== 'limit' || choosesLength || toPageSize(value)),
    ),
  );
  const limit = known.includes('limit') ? await rememberedSize() : undefined;
  const remembered = limit && schema.safeParse({ limit }).success ? { limit } : {};
  // A column sorted by name alone is ascending, as its head says.
  const ascending = params.sort && known.includes('dir') ? { dir: 'asc' } : {};
  const preset = { ...remembered, ...(params.sort ? ascending : initial) };
  const parsed = schema.safeParse({ ...preset, ...params });
  return parsed.success
    ? { params, filter: parsed.data, unknown: false }
    : { params: {}, filter: schema.parse({ ...remembered, ...initial }), unknown: true };
}
