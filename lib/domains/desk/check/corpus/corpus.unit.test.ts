import { describe, expect, test } from 'vitest';
import { fixedTables } from '@/lib/domains/desk/catalog/fixed-tables';
import { checkText } from '@/lib/domains/desk/check/check-text';
import { fuzzTexts } from '@/lib/domains/desk/check/corpus/fuzz';
import { goodTexts } from '@/lib/domains/desk/check/corpus/good';
import { hostileGroups, hostileTexts } from '@/lib/domains/desk/check/corpus/hostile';
import { exampleTargets } from '@/lib/domains/desk/check/corpus/targets';

const tables = fixedTables().map(({ table }) => table.name);
const check = (sql: string) => checkText(sql, { tables, limit: 1_000 });

describe('the corpus', () => {
  test('has at least 1,000 distinct hostile texts and 150 good ones', () => {
    expect(hostileTexts(exampleTargets).length).toBeGreaterThanOrEqual(1_000);
    expect(new Set(goodTexts).size).toBe(goodTexts.length);
    expect(goodTexts.length).toBeGreaterThanOrEqual(150);
  });

  test.each(hostileGroups.filter(group => !group.readsOwnOnly))(
    'of $name: the text layer refuses every text with a reason',
    group => {
      const passed = group.texts(exampleTargets).filter(text => check(text).ok);
      expect(passed).toEqual([]);
    },
  );

  test.each(hostileGroups.filter(group => group.readsOwnOnly))(
    'of $name: the text layer lets texts pass that mean no harm',
    group => {
      for (const text of group.texts(exampleTargets))
        expect([text, check(text)]).toEqual([text, expect.objectContaining({ ok: true })]);
    },
  );

  test('of good texts: the text layer lets each pass, with a limit', () => {
    for (const text of goodTexts) {
      const answer = check(text);
      expect([text, answer]).toEqual([text, expect.objectContaining({ ok: true })]);
      expect(answer).toMatchObject({ sql: expect.stringMatching(/\blimit\b/i) });
    }
  });

  test('of chance: the same seed makes the same texts, none throws, and what passes names own tables only', () => {
    const texts = fuzzTexts({ seed: 7, count: 500, targets: exampleTargets });
    expect(fuzzTexts({ seed: 7, count: 500, targets: exampleTargets })).toEqual(texts);
    const passed = texts.map(check).filter(answer => answer.ok);
    expect(passed.length).toBeGreaterThan(50);
    for (const answer of passed) expect(tables).toEqual(expect.arrayContaining(answer.tables));
  });
});
