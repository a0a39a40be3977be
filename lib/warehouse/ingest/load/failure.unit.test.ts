/** BigQuery's answers are told apart by what helps: fewer rows, a look at the table, or a person. */
import { expect, test } from 'vitest';
import { faultOf } from '@/lib/warehouse/ingest/load/failure';

test.each([
  ['invalid', 'Error while reading data, error message: JSON parsing error in row starting at position 0: Bad', 'rows'],
  ['413', 'Request entity too large', 'rows'],
  ['invalid', 'Provided Schema does not match Table p:d.t. Cannot add fields (field: colour)', 'shape'],
  ['invalid', 'Provided Schema does not match Table p:d.t. Field n has changed type from INTEGER to FLOAT', 'shape'],
  ['invalid', '… row starting at position 12: No such field: colour.', 'shape'],
  ['notFound', 'Not found: Table p:d.t', 'shape'],
  ['accessDenied', 'Access Denied: Table p:d.t', 'table'],
  ['billingNotEnabled', 'Billing has not been enabled', 'table'],
] as const)('%s: %s', (reason, message, fault) => {
  expect(faultOf({ reason, message })).toBe(fault);
});
