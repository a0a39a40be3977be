/** What the MCP server reads of Postgres for one table. */
import { expect, onTestFinished, test } from 'vitest';
import { customerKey, transports } from '@/dev/testing/data-plane';
import { type PostgresAnswer, postgresAnswers } from '@/dev/testing/desk/postgres-answers';
import { insertSource, insertTable } from '@/dev/testing/events/sources';
import { mcpDoor } from '@/dev/testing/mcp/calls';
import { createWorld } from '@/dev/testing/world';
import { eventTableName } from '@/lib/domains/desk/catalog/event-tables';

/** Postgres was asked once for names and once for columns, and told no column of another table. */
function expectAskedOnce(answers: PostgresAnswer[]): void {
  const ofTables = answers.filter(({ sql }) => sql.includes('"ingest_columns"'));
  expect(ofTables.filter(({ rows }) => rows.includes('total'))).toHaveLength(1);
  expect(ofTables).toHaveLength(2);
  for (const { rows } of ofTables) expect(rows).not.toContain('only_of_pages');
}

test('a table that is named is asked for once, by the tool and as a resource, and no other one’s columns are read', async () => {
  const [world, [transport]] = [await createWorld(), transports];
  if (!transport) throw new Error('the data plane has no transport');
  const door = await mcpDoor(transport);
  onTestFinished(() => door.close());
  const { text: key } = await customerKey(world);
  const source = await insertSource(world);
  await insertTable(source, 'order_completed', { id: 'STRING', total: 'FLOAT64' });
  await insertTable(source, 'page_viewed', { id: 'STRING', only_of_pages: 'STRING' });
  const orders = eventTableName(source.dataset, 'order_completed');
  const answers = postgresAnswers();
  const { data } = await door.call('describe_tables', { name: orders }, key);
  expect(data.tables).toMatchObject([{ name: orders, columns: [{ name: 'id' }, { name: 'total' }] }]);
  expectAskedOnce(answers.splice(0));
  const { contents } = await door.ask('resources/read', { uri: `tenantry://tables/${orders}` }, key);
  expect(contents).toMatchObject([{ text: expect.stringContaining('| `total` | FLOAT64 |') }]);
  expectAskedOnce(answers);
});
