/** The form of a sender's record: where in it each of our fields is looked for. */

/** An object within a record. In a free one senders put what they like, so another type than expected counts as absent there. */
export type Holder = { path: string; parent: number; name: string; isFree: boolean };

export type Place = {
  /** As it is told to people: `metadata.usage_object.prompt_tokens`. */
  path: string;
  /** Index of the holder. */
  at: number;
  name: string;
  /** `repo:` where the value follows it within a list of tags. */
  tag: string | null;
  isFree: boolean;
};

export type Form<Field extends string> = {
  holders: readonly Holder[];
  places: Readonly<Record<Field, readonly Place[]>>;
};

/** Where a field stands, first to last: the first place that has a value counts. A path that ends in `:` is a prefix within a list of tags. */
export type Paths<Field extends string> = Readonly<Record<Field, readonly string[]>>;

function holdersOf(names: readonly string[], free: readonly string[]): Holder[] {
  const holders: Holder[] = [{ path: '', parent: 0, name: '', isFree: false }];
  for (const path of names) {
    const parent = holders.findLastIndex(({ path: known }) => known === '' || path.startsWith(`${known}.`));
    const above = holders[parent]!;
    const name = above.path === '' ? path : path.slice(above.path.length + 1);
    holders.push({ path, parent, name, isFree: above.isFree || free.includes(path) });
  }
  return holders;
}

function placeOf(path: string, holders: readonly Holder[]): Place {
  let at = 0;
  for (const [index, holder] of holders.entries()) {
    if (path.startsWith(`${holder.path}.`) && holder.path.length > holders[at]!.path.length) at = index;
  }
  const { path: above, isFree } = holders[at]!;
  const rest = above === '' ? path : path.slice(above.length + 1);
  if (!rest.endsWith(':')) return { path, at, name: rest, tag: null, isFree };
  const dot = rest.lastIndexOf('.');
  return { path, at, name: rest.slice(0, dot), tag: rest.slice(dot + 1), isFree: true };
}

/** The form of records whose objects are `names`, parents first, `free` among them; of each field its places. */
export function defineForm<Field extends string>(
  names: readonly string[],
  free: readonly string[],
  paths: Paths<Field>,
): Form<Field> {
  const holders = holdersOf(names, free);
  const places = {} as Record<Field, readonly Place[]>;
  for (const field in paths) places[field] = paths[field].map(path => placeOf(path, holders));
  return { holders, places };
}
