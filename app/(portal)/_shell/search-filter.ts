/** A list page's address as a filter. */
import type { z } from 'zod';
import { type ListParams, listParams } from '@/app/_ui/list-params';

/** What Next gives a page of its query. */
export type Search = Promise<Record<string, string | string[] | undefined>>;

type SearchFilter<Schema extends z.ZodObject> = {
  /** What stands in the address and is known. */
  params: ListParams;
  filter: z.output<Schema>;
  /** True where the address was not understood: then everything is shown, and the page says so. */
  unknown: boolean;
};

/**
 * The fields of the schema that the address names; others of it are left alone, and how long a page is unless
 * `choosesLength`.
 */
export async function searchFilter<Schema extends z.ZodObject>(
  schema: Schema,
  search: Search,
  { choosesLength = false } = {},
): Promise<SearchFilter<Schema>> {
  const known = Object.keys(schema.shape).filter(name => choosesLength || name !== 'limit');
  const params: ListParams = Object.fromEntries(
    Object.entries(listParams(await search)).filter(([name]) => known.includes(name)),
  );
  const parsed = schema.safeParse(params);
  return parsed.success
    ? { params, filter: parsed.data, unknown: false }
    : { params: {}, filter: schema.parse({}), unknown: true };
}
