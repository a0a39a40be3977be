/** Words and operators that a tree's nodes may hold, and what is said of the kinds that are refused. */
import { onlySelect } from '@/lib/domains/desk/check/beginning';

/** Keywords that the known kinds of nodes need; any other one is a part of GoogleSQL that the desk does not have. */
export const keywords: ReadonlySet<string> = new Set(
  `ALL AND ANY ARRAY AS ASC BETWEEN BY CASE CAST CROSS CUBE CURRENT DESC DISTINCT ELSE END EXCEPT EXCLUDE EXISTS EXTRACT FALSE
  FIRST FOLLOWING FOR FORMAT FROM FULL GROUP GROUPING SETS HAVING IGNORE IN INCLUDE INNER INTERSECT INTERVAL IS JOIN LAST LEFT
  LIKE LIMIT MAX MIN NOT NULL NULLS OFFSET ON OR ORDER ORDINAL OUTER OVER PARTITION PIVOT PRECEDING QUALIFY RANGE REPLACE
  RESPECT RIGHT ROLLUP ROW ROWS SAFE_CAST SAFE_OFFSET SAFE_ORDINAL SELECT SOME STRUCT THEN TO TRUE UNBOUNDED UNION UNNEST
  UNPIVOT USING WHEN WHERE WINDOW WITH
  MICROSECOND MILLISECOND SECOND MINUTE HOUR DAY DAYOFWEEK DAYOFYEAR WEEK ISOWEEK MONTH QUARTER YEAR ISOYEAR
  SUNDAY MONDAY TUESDAY WEDNESDAY THURSDAY FRIDAY SATURDAY
  BOOL BOOLEAN INT64 INT INTEGER BIGINT FLOAT64 NUMERIC DECIMAL BIGNUMERIC BIGDECIMAL STRING BYTES DATE DATETIME TIME
  TIMESTAMP JSON`
    .split(/\s+/)
    .concat('GROUPING SETS'),
);

export const binaryOperators: ReadonlySet<string> = new Set([
  '||',
  '+',
  '-',
  '*',
  '/',
  '=',
  '!=',
  '<>',
  '<',
  '>',
  '<=',
  '>=',
  '<<',
  '>>',
  '&',
  '|',
  '^',
]);
export const prefixOperators: ReadonlySet<string> = new Set(['-', '+', '~']);

/** Names that mean something without a table having such a column: a table's parts, who asks, where. */
export const pseudoColumn =
  /^(?:_(?:table|file|partition|change|row|colidentifier)_?\w*|(?:session|current)_user|current_(?:role|catalog|schema|database))$/i;

/** What is said of a kind of node or of `kind.property`; every other one is named by its kind. */
const reasons: Record<string, string> = {
  for_system_time_as_of_expr: 'Time travel (FOR SYSTEM_TIME AS OF) cannot be used here.',
  tablesample_expr: 'TABLESAMPLE cannot be used: the tables of the desk are views.',
  'with_clause.recursiveKw': 'WITH RECURSIVE cannot be used here.',
  'common_table_expr.columns': 'Name the columns inside of the WITH query.',
  'alias.columnAliases': 'An alias of a table is one name.',
  lateral_derived_table: 'LATERAL cannot be used here.',
  select_as_value: 'SELECT AS VALUE cannot be used here.',
  blob_literal: 'Literals with a prefix cannot be used here.',
  bigquery_quoted_member_expr: 'Tables are named by one word, as `pipeline_runs`.',
  parameter: 'Parameters cannot be used here; write the value itself.',
  variable: 'Variables cannot be used here; write the value itself.',
  named_arg: 'Arguments cannot be named here.',
  'func_call.filter': 'FILTER is not of GoogleSQL; write COUNTIF(…) or IF(…, …, NULL).',
  cast_operator_expr: 'Write CAST(x AS …).',
  fetch_clause: 'Write LIMIT and OFFSET.',
  offset_clause: 'OFFSET follows LIMIT.',
};

const spoken = (kind: string) =>
  kind
    .replace(/_(?:expr|clause|stmt)$/, '')
    .replaceAll('_', ' ')
    .toUpperCase();

/** The sentence for a kind of node, or for a property of one, that is not on the list. */
export function whyRefused(kind: string, property?: string): string {
  const known = property ? reasons[`${kind}.${property}`] : reasons[kind];
  if (known) return known;
  if (!property && kind.endsWith('_stmt')) return onlySelect;
  return property ? `This part of ${spoken(kind)} cannot be used here.` : `${spoken(kind)} cannot be used here.`;
}
