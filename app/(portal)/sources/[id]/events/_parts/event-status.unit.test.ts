import { expect, test } from 'vitest';
import { eventStatus } from '@/app/(portal)/sources/[id]/events/_parts/event-status';

const row = (state: 'LOADED' | 'DEAD', discarded: object[] = []) => ({ state, discarded });

test.each([
  ['taken as it came', { outcome: 'ACCEPTED', notes: [], rows: [row('LOADED')] }, 'accepted'],
  ['a name was changed', { outcome: 'ACCEPTED', notes: [{}], rows: [row('LOADED')] }, 'changed'],
  [
    'a value was left out, whatever was changed',
    { outcome: 'ACCEPTED', notes: [{}], rows: [row('LOADED', [{}])] },
    'discarded',
  ],
  ['BigQuery refused a row', { outcome: 'ACCEPTED', notes: [], rows: [row('DEAD')] }, 'discarded'],
  ['refused at the door', { outcome: 'REFUSED', notes: [{}] }, 'event_refused'],
  ['the same message id came before', { outcome: 'DUPLICATE', notes: [] }, 'duplicate'],
] as const)('%s', (_, receipt, status) => expect(eventStatus(receipt)).toBe(status));
