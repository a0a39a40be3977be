import { expect, test } from 'vitest';
import { BigQueryStatementError, BigQueryUnavailableError } from '@/lib/platform/bigquery/bigquery';

/** The class as another bundle of Next has it. */
class OfAnotherBundle extends Error {
  override name = 'BigQueryUnavailableError';
}

test('that BigQuery is away is understood whichever bundle says so', () => {
  expect(new BigQueryUnavailableError('away')).toBeInstanceOf(BigQueryUnavailableError);
  expect(new OfAnotherBundle('away')).toBeInstanceOf(BigQueryUnavailableError);
  expect(new Error('away')).not.toBeInstanceOf(BigQueryUnavailableError);
  expect({ name: 'BigQueryUnavailableError' }).not.toBeInstanceOf(BigQueryUnavailableError);
  expect(BigQueryStatementError.prototype).not.toBeInstanceOf(BigQueryUnavailableError);
});
