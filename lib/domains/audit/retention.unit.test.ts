import { expect, test } from 'vitest';
import { shownSentence, stayingWords } from '@/lib/domains/audit/retention';

test('with an archive older entries are said to be archived', () => {
  const archived = { days: 90, isArchived: true };
  expect(shownSentence(archived)).toBe('Entries are shown for 90 days; older ones are archived.');
  expect(stayingWords(archived)).toBe('The audit log, for 90 days and then in an archive');
});

test('without one nobody is told that an entry is gone: it is only not shown', () => {
  const stays = { days: 400, isArchived: false };
  expect(shownSentence(stays)).toBe('Entries are shown for 400 days; older ones are kept, but not shown.');
  expect(stayingWords(stays)).toBe('The audit log');
});
