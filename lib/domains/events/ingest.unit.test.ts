import { expect, test } from 'vitest';
import { eventIngest } from '@/lib/domains/events/ingest';
import { callTypes, fixedTables, reservedColumns, usersTable } from '@/lib/domains/events/rules';
import { columnsOf } from '@/lib/domains/events/transform/shapes';
import { readTime } from '@/lib/domains/events/transform/times';
import { transformCall } from '@/lib/domains/events/transform/transform';

const typesOf = (table: string) =>
  new Map(eventIngest.specOf(table).columns.map(({ name, type }): [string, string] => [name, type]));

const standard = ['id', 'user_id', 'received_at', 'sent_at', 'timestamp', 'original_timestamp', 'uuid_ts', 'loaded_at'];

test('E-19: every table has the standard columns from its first row on, and all but users the anonymous id', () => {
  for (const table of [...fixedTables, 'order_completed']) {
    const types = typesOf(table);
    for (const name of standard)
      expect(types.get(name), `${table}.${name}`).toBe(/_at$|_ts$|timestamp$/.test(name) ? 'TIMESTAMP' : 'STRING');
    expect(types.has('anonymous_id')).toBe(table !== usersTable);
    expect([...types.keys()].some(name => name.startsWith('context_'))).toBe(true);
    const { clustering, columns } = eventIngest.specOf(table);
    expect(new Set(columns.map(({ name }) => name)).size).toBe(columns.length);
    expect(clustering.length).toBeLessThanOrEqual(4);
    for (const name of clustering) expect(types.has(name)).toBe(true);
  }
});

test('no column that a property may not have is missing from the tables of events', () => {
  for (const name of reservedColumns) expect(typesOf('order_completed').has(name), name).toBe(true);
});

test('what a call writes into a column of the base has the type that the column is made with', () => {
  const receivedAt = readTime('2026-11-27T12:00:00Z');
  if (!receivedAt) throw new Error('no time');
  const ids = { userId: 'u', anonymousId: 'a', groupId: 'g', previousId: 'p', event: 'x', name: 'n', category: 'c' };
  const call = {
    ...ids,
    timestamp: receivedAt.text,
    sentAt: receivedAt.text,
    context: { library: { name: 'l', version: '1' } },
  };
  for (const type of callTypes) {
    const facts = { type, messageId: 'm', receivedAt, processedAt: receivedAt.text, ip: '203.0.113.1', userAgent: 'b' };
    for (const { table, shapes } of transformCall(call, facts).rows) {
      const written = new Map(shapes.flatMap(columnsOf).map(({ name, type }): [string, string] => [name, type]));
      expect(written).toEqual(new Map([...typesOf(table)].filter(([name]) => name !== 'loaded_at')));
    }
  }
});
