/** Checks of a run that orchestrators tell of. */
import { expect, test } from 'vitest';
import { storeToldChecks } from '@/lib/domains/runs/observe/told-checks';
import { db } from '@/lib/platform/db';
import { newUuid } from '@/lib/platform/ids';

test('more checks are taken out at once than one statement has parameters', async () => {
  const gone = Array.from({ length: 70_000 }, () => newUuid());
  const stored = db().transaction(tx => storeToldChecks(tx, { runId: newUuid(), told: [], gone, room: 0 }));
  expect(await stored).toEqual([]);
});
