/** Names that BigQuery takes for columns. The transform makes such names; here it is held to it. */

/** Of BigQuery's documentation, in lower case. */
const forbiddenPrefixes = [
  '_table_',
  '_file_',
  '_partition',
  '_row_timestamp',
  '__root__',
  '_colidentifier',
  '_change_sequence_number',
  '_change_type',
  '_change_timestamp',
];
const maxSigns = 300;

/** Why BigQuery would refuse a column of this name; null when it takes it. */
export function nameProblem(name: string): 'name_too_long' | 'reserved_name' | null {
  if (name.length > maxSigns) return 'name_too_long';
  const lower = name.toLowerCase();
  if (!/^[a-z_][a-z0-9_]*$/.test(lower) || forbiddenPrefixes.some(prefix => lower.startsWith(prefix))) {
    return 'reserved_name';
  }
  return null;
}
