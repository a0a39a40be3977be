/** Next bundles a module once for each kind of route, and a question's promise is shared by all of them. */
import { expect, test, vi } from 'vitest';

/** The modules as another bundle of the process has them. */
async function bundle() {
  vi.resetModules();
  const [bigquery, budget, errors] = await Promise.all([
    import('@/lib/platform/bigquery/bigquery'),
    import('@/lib/warehouse/query/query-budget'),
    import('@/lib/platform/errors'),
  ]);
  return { ...bigquery, ...budget, ...errors };
}

const [one, other] = [await bundle(), await bundle()];

test('an error of one bundle is known in the other', () => {
  expect(one.BigQueryUnavailableError).not.toBe(other.BigQueryUnavailableError);
  expect(new one.BigQueryUnavailableError('away')).toBeInstanceOf(other.BigQueryUnavailableError);
  expect(new one.BigQueryStatementError('wrong', 'invalidQuery', 's')).toBeInstanceOf(other.BigQueryStatementError);
  expect(new one.BudgetSpentError(30)).toBeInstanceOf(other.BudgetSpentError);
  expect(new one.AppError('not_found', 'Gone.')).toBeInstanceOf(other.AppError);
  expect(other.toAppError(new one.AppError('not_found', 'Gone.')).status).toBe(404);
});

test('no error passes for another', () => {
  const unavailable = new one.BigQueryUnavailableError('away');
  expect(unavailable).not.toBeInstanceOf(other.BigQueryStatementError);
  expect(unavailable).not.toBeInstanceOf(one.AppError);
  expect(new Error('any')).not.toBeInstanceOf(one.BigQueryUnavailableError);
  expect({ name: 'AppError' }).not.toBeInstanceOf(one.AppError);
});
