import { expect, test } from 'vitest';
import { sourceFiles } from '@/lib/laws/source-files';
import { parseSql } from '@/lib/platform/sql-file';
import { tables } from '@/lib/warehouse/rows/metadata';

const statements = sourceFiles(['sql'], /^sql\/(?!migrations\/|functions\/|security\/|views\/)[^/]+\/[^/]+\.sql$/).map(
  file => ({
    ...file,
    parsed: parseSql(file.path.slice(4), file.text),
    code: file.text.replace(/--[^\n]*/g, ''),
  }),
);
const code = sourceFiles(['lib', 'app'], /\.tsx?$/);

/** Tables of the tenant's dataset whose shape is a document's, without a column for the customer. */
const withoutCustomer = new Set(
  Object.values(tables).flatMap(({ table, columns }) =>
    'tenant_id' in columns || 'customer_id' in columns ? [] : [`tenant.${table}`],
  ),
);

test('there are statements to check', () => expect(statements.length).toBeGreaterThan(3));

test('every statement opens with the question it answers', () => {
  expect(statements.filter(file => !/^-- \S.{9,}/.test(file.text)).map(file => file.path)).toEqual([]);
});

test('every statement is used by a query', () => {
  expect(
    statements
      .filter(file => !code.some(source => source.text.includes(`'${file.parsed.name}'`)))
      .map(file => file.path),
  ).toEqual([]);
});

test('no statement selects *, calls CURRENT_* or changes anything', () => {
  const broken = statements.filter(file =>
    /SELECT\s+(?:\w+\.)?\*(?!\s*EXCEPT)|CURRENT_(DATE|TIMESTAMP|DATETIME|TIME)|\b(INSERT|UPDATE|DELETE|MERGE|DROP|ALTER|CREATE)\b/i.test(
      file.code,
    ),
  );
  expect(broken.map(file => file.path)).toEqual([]);
});

test('a statement is scoped by @customer_id first, or belongs to a staff query', () => {
  const staffFiles = new Set(
    code.flatMap(source =>
      [...source.text.matchAll(/defineStaffQuery\(\{[\s\S]*?sql:\s*'([^']+)'/g)].map(match => match[1]),
    ),
  );
  // Tables of an event source and of an agent log hold one customer's rows, and so do those of its own dataset that name no customer; the kernel
  // refuses a query that resolves no source of the caller's, or no dataset.
  const holdsOne = (table: string) => /^(?:source|agent)\./.test(table) || withoutCustomer.has(table);
  const isOfSource = ({ parsed }: (typeof statements)[number]) =>
    parsed.tables.length > 0 && parsed.tables.every(holdsOne);
  const unscoped = statements.filter(file => {
    if (staffFiles.has(file.parsed.name) || isOfSource(file)) return false;
    return !/WHERE\s+(?:\w+\.)?(customer_id|tenant_id)\s*=\s*@customer_id/i.test(file.code);
  });
  expect(unscoped.map(file => file.path)).toEqual([]);
});

test('no statement names a ciphertext, a key’s hash or staff notes', () => {
  const leaking = statements.filter(file => /encrypted_|api_key_hash|invitation_token|\bnotes\b/.test(file.code));
  expect(leaking.map(file => file.path)).toEqual([]);
});
