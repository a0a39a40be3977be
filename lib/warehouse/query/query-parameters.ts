/** The last wall before BigQuery: text that its API cannot read makes the service fail, and would look as if it were away. */
import { isStorable } from '@/lib/kernel/input';
import type { QueryParameters } from '@/lib/platform/bigquery/bigquery-values';
import { AppError } from '@/lib/platform/errors';

/** The parameters as they are. AppError invalid_input where one holds text that BigQuery cannot read. */
export function readableParameters<Parameters extends QueryParameters>(parameters: Parameters): Parameters {
  for (const [name, { value }] of Object.entries(parameters)) {
    const texts = Array.isArray(value) ? value : [value];
    if (texts.every(text => typeof text !== 'string' || isStorable(text))) continue;
    const message = 'It contains a character that cannot be searched for.';
    throw new AppError('invalid_input', `${name}: ${message}`, { fields: [{ path: name, message }] });
  }
  return parameters;
}
