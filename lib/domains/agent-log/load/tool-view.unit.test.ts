/** The view of the agent log is made anew where it is another, and only there. */
import { expect, test } from 'vitest';
import { viewStanding } from '@/lib/domains/agent-log/load/tool-view';

const sql = '-- What it is for.\nCREATE OR REPLACE VIEW `a.b.v` AS\nSELECT 1 AS one,\n  2 AS two\n';

test.each([
  ['is missing', null, 'other'],
  ['has the same statement in other spaces', { view: { query: 'SELECT 1 AS one, 2 AS two' } }, 'same'],
  ['has another statement', { view: { query: 'SELECT 1 AS one' } }, 'other'],
  ['does not say its statement', {}, 'unsaid'],
] as const)('a view that %s', (_, live, standing) => expect(viewStanding(live, sql)).toBe(standing));
