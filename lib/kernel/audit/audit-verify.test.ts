/** A missing audit row is found wherever it is missing. */
import { expect, test } from 'vitest';
import { verifyAudit } from '@/lib/kernel/audit/audit-verify';
import { auditHeads, auditLog } from '@/lib/kernel/tables';
import { db } from '@/lib/platform/db';
import { newUuid } from '@/lib/platform/ids';

const scope = `verify-${newUuid()}`;

/** Gaps of a sequence with these rows and this head, looked at in a transaction that is rolled back. */
async function gapsOf(sequences: number[], head: number) {
  const rollback = new Error('rollback');
  let gaps: unknown[] = [];
  const trial = db().transaction(async tx => {
    await tx.insert(auditHeads).values({ scope, sequence: head });
    for (const [index, sequence] of sequences.entries()) {
      await tx.insert(auditLog).values({
        occurredAt: new Date(Date.now() + index),
        auditId: newUuid(),
        scope,
        sequence,
        actorType: 'system',
        actorId: 'test',
        action: 'test.try',
        targetType: 'test',
        targetId: 'test',
        outcome: 'ok',
      });
    }
    gaps = (await verifyAudit(tx, scope)).faults;
    throw rollback;
  });
  await expect(trial).rejects.toBe(rollback);
  return gaps;
}

test.each([
  { name: 'a whole sequence has no gap', sequences: [1, 2, 3], head: 3, gaps: [] },
  {
    name: 'a row missing in the middle is named',
    sequences: [1, 3],
    head: 3,
    gaps: [{ scope, kind: 'missing', from: 2, to: 2 }],
  },
  {
    name: 'rows missing at the start are named',
    sequences: [3],
    head: 3,
    gaps: [{ scope, kind: 'missing', from: 1, to: 2 }],
  },
  {
    name: 'rows cut off at the end are named',
    sequences: [1],
    head: 4,
    gaps: [{ scope, kind: 'missing', from: 2, to: 4 }],
  },
  {
    name: 'a sequence without any row is named',
    sequences: [],
    head: 2,
    gaps: [{ scope, kind: 'missing', from: 1, to: 2 }],
  },
  {
    name: 'a row beyond the head is named',
    sequences: [1, 2, 3],
    head: 2,
    gaps: [{ scope, kind: 'beyond the head', from: 3, to: 3 }],
  },
  {
    name: 'a sequence given out twice is named',
    sequences: [1, 2, 2],
    head: 2,
    gaps: [{ scope, kind: 'twice', from: 2, to: 2 }],
  },
])('$name', async ({ sequences, head, gaps }) => {
  expect(await gapsOf(sequences, head)).toEqual(gaps);
});
