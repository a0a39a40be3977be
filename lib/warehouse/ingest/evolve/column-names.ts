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
/** Signs that a name may have. */
export const maxNameSigns = 300;

/** True for a name in lower case that BigQuery keeps for itself. */
export const isForbidden = (name: string): boolean => forbiddenPrefixes.some(prefix => name.startsWith(prefix));

/** Why BigQuery would refuse a column of this name; null when it takes it. */
export function nameProblem(name: string): 'name_too_long' | 'reserved_name' | null {
  if (name.length > maxNameSigns) return 'name_too_long';
  const lower = name.toLowerCase();
  if (!/^[a-z_][a-z0-9_]*$/.test(lower) || isForbidden(lower)) {
    return 'reserved_name';
  }
  return null;
}
