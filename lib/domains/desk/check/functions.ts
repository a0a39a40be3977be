/**
 * Functions of GoogleSQL that a text may call. All of them compute from their arguments alone: none reads a table, a file, a
 * model, a key or who asks. A name that is not here is refused. Source: docs/desk.md, What can be asked.
 */

const names = (text: string): string[] => text.trim().split(/\s+/);

const aggregates = names(`any_value approx_count_distinct approx_quantiles approx_top_count approx_top_sum array_agg
  array_concat_agg avg bit_and bit_or bit_xor corr count countif covar_pop covar_samp grouping logical_and logical_or max
  max_by min min_by stddev stddev_pop stddev_samp string_agg sum var_pop var_samp variance`);

const windows = names(`cume_dist dense_rank first_value lag last_value lead nth_value ntile percent_rank percentile_cont
  percentile_disc rank row_number`);

const conditions = names('coalesce if ifnull nullif nullifzero zeroifnull greatest least iferror isnull');

const numbers =
  names(`abs acos acosh asin asinh atan atan2 atanh cbrt ceil ceiling cos cosh cot coth csc csch div exp floor
  ieee_divide is_inf is_nan ln log log10 mod pow power rand range_bucket round safe_add safe_divide safe_multiply safe_negate
  safe_subtract sec sech sign sin sinh sqrt tan tanh trunc bit_count cosine_distance euclidean_distance`);

const texts = names(`ascii byte_length char_length character_length chr code_points_to_string code_points_to_bytes
  concat contains_substr edit_distance ends_with format from_base32 from_base64 from_hex initcap instr left length
  lower lpad ltrim normalize normalize_and_casefold octet_length regexp_contains regexp_extract regexp_extract_all
  regexp_instr regexp_replace regexp_substr repeat replace reverse right rpad rtrim safe_convert_bytes_to_string soundex
  split starts_with strpos substr substring to_base32 to_base64 to_code_points to_hex translate trim unicode upper
  farm_fingerprint md5 sha1 sha256 sha512 generate_uuid`);

/** `week` is the date part WEEK(MONDAY), which the parser reads as a call. */
const times = names(`current_date current_datetime current_time current_timestamp date date_add date_bucket date_diff
  date_from_unix_date date_sub date_trunc datetime datetime_add datetime_bucket datetime_diff datetime_sub datetime_trunc
  extract format_date format_datetime format_time format_timestamp last_day parse_date parse_datetime parse_time
  parse_timestamp string time time_add time_diff time_sub time_trunc timestamp timestamp_add timestamp_bucket timestamp_diff
  timestamp_micros timestamp_millis timestamp_seconds timestamp_sub timestamp_trunc unix_date unix_micros unix_millis
  unix_seconds justify_days justify_hours justify_interval make_interval week`);

const arrays =
  names(`array array_concat array_first array_includes array_is_distinct array_last array_length array_reverse
  array_slice array_to_string generate_array generate_date_array generate_timestamp_array`);

const json = names(`bool float64 int64 json_array json_array_append json_array_insert json_extract json_extract_array
  json_extract_scalar json_extract_string_array json_flatten json_keys json_object json_query json_query_array json_remove
  json_set json_strip_nulls json_type json_value json_value_array lax_bool lax_float64 lax_int64 lax_string parse_json
  parse_numeric parse_bignumeric to_json to_json_string`);

/** Functions of a name in two parts. */
const ofPrefix: Record<string, ReadonlySet<string>> = {
  net: new Set(names('host public_suffix reg_domain ip_from_string safe_ip_from_string ip_to_string ip_trunc')),
  hll_count: new Set(names('extract init merge merge_partial')),
};

const known: ReadonlySet<string> = new Set(
  [aggregates, windows, conditions, numbers, texts, times, arrays, json].flat(),
);

/** Functions whose argument may be a query. */
export const takesQuery = (name: string): boolean => name === 'array';

/** Whether a text may call the function of this name, `safe.` before it or not; capitals do not matter. */
export function isKnownFunction(path: readonly string[]): boolean {
  const parts = path.map(part => part.toLowerCase());
  const [first = '', ...rest] = parts[0] === 'safe' ? parts.slice(1) : parts;
  if (rest.length === 0) return known.has(first);
  return rest.length === 1 && Object.hasOwn(ofPrefix, first) && ofPrefix[first]!.has(rest[0] ?? '');
}
