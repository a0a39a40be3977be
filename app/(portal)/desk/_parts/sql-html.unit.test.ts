import { expect, test } from 'vitest';
import { sqlHtml } from '@/app/(portal)/desk/_parts/sql-html';

const textOf = (html: string) => html.replace(/<[^>]*>/g, '');

test('a text has its colours, and its signs as they are', async () => {
  const html = await sqlHtml("SELECT '<b>' -- a word");
  expect(html).toContain('<span');
  expect(textOf(html)).toBe("SELECT '&lt;b&gt;' -- a word");
});

test('a very long text, and one with a very long line, is escaped and costs no time', async () => {
  for (const sql of ['SELECT <1>\n'.repeat(3_000), 'a'.repeat(32_000), `SELECT${' '.repeat(7_000)}1 < 2`]) {
    const begun = performance.now();
    const html = await sqlHtml(sql);
    expect(performance.now() - begun).toBeLessThan(100);
    expect(html).not.toMatch(/<[^>]*>/);
  }
});
