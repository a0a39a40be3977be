/** Types that columns of ingested tables have, and how one widens into another. Source: docs/spec/004-event-collection.md, Key Features. */

export const columnTypes = ['BOOL', 'INT64', 'FLOAT64', 'TIMESTAMP', 'STRING'] as const;
export type ColumnType = (typeof columnTypes)[number];

/** `as_is`: the column takes the value. `in_place`: BigQuery widens it. `rewrite`: only by a new table. */
export type Widening = { type: ColumnType; by: 'as_is' | 'in_place' | 'rewrite' };

/** What a column of type `have` must become so that a value of type `value` fits it without loss. */
export function widened(have: ColumnType, value: ColumnType): Widening {
  if (have === value || have === 'STRING') return { type: have, by: 'as_is' };
  if (have === 'FLOAT64' && value === 'INT64') return { type: have, by: 'as_is' };
  if (have === 'INT64' && value === 'FLOAT64') return { type: 'FLOAT64', by: 'in_place' };
  return { type: 'STRING', by: 'rewrite' };
}

/** The type that a column gets when it is made for values of these types: the narrowest that takes all of them. */
export function unionOf(types: readonly ColumnType[]): ColumnType {
  const [first, ...others] = types;
  if (first === undefined) throw new Error('a column needs a value');
  return others.reduce<ColumnType>((have, value) => widened(have, value).type, first);
}
