/** Names of BigQuery's types and the changes between them that keep a table's rows. */

type SizedType = { type: string; precision?: number | undefined; scale?: number | undefined };

const standardNames: Record<string, string> = {
  INTEGER: 'INT64',
  FLOAT: 'FLOAT64',
  BOOLEAN: 'BOOL',
  DECIMAL: 'NUMERIC',
  BIGDECIMAL: 'BIGNUMERIC',
};

/** The GoogleSQL name of a type; the REST API answers some by their old names. */
export const standardType = (type: string) => standardNames[type] ?? type;

/** Type changes ALTER COLUMN SET DATA TYPE takes (GoogleSQL reference, "Allowed type coercions"). */
const widerTypes: Record<string, readonly string[]> = {
  INT64: ['NUMERIC', 'BIGNUMERIC', 'FLOAT64'],
  NUMERIC: ['BIGNUMERIC', 'FLOAT64'],
  BIGNUMERIC: ['FLOAT64'],
};

/** Decimal digits before and after the point that a type holds. */
function capacity({ type, precision, scale }: SizedType): { whole: number; fraction: number } | null {
  if (type === 'INT64') return { whole: 19, fraction: 0 };
  if (precision !== undefined) return { whole: precision - (scale ?? 0), fraction: scale ?? 0 };
  if (type === 'NUMERIC') return { whole: 29, fraction: 9 };
  if (type === 'BIGNUMERIC') return { whole: 38, fraction: 38 };
  return null;
}

/** True when every value of `from` fits `to` and BigQuery changes the column in place. */
export function canWiden(from: SizedType, to: SizedType): boolean {
  if (from.type !== to.type && !widerTypes[from.type]?.includes(to.type)) return false;
  if (to.type === 'FLOAT64') return true;
  const [held, wanted] = [capacity(from), capacity(to)];
  return held !== null && wanted !== null && wanted.whole >= held.whole && wanted.fraction >= held.fraction;
}
