import { expect, test } from 'vitest';
import { pullHistory } from '@/dev/seed/pull-requests/pull-history';
import { seededRandom } from '@/dev/seed/random';
import { aiRequests } from '@/dev/seed/traces/ai-requests';

const now = new Date('2031-03-15T12:00:00Z');
const author = (name: string) => ({
  developer: `${name}@acme.example`,
  login: name,
  name,
  email: `${name}@acme.example`,
});
const authors = ['anna', 'carl', 'dana'].map(author);
const history = () =>
  pullHistory({ repository: 'acme/shop', authors, count: 40, days: 90, random: seededRandom(7), now });

test('the same seed makes the same pull requests, of every kind that pages tell apart', () => {
  const { pulls, commits } = history();
  expect(commits.length).toBeGreaterThan(pulls.length);
  expect(history().pulls).toEqual(pulls);
  expect(pulls).toHaveLength(40);
  expect(new Set(pulls.map(pull => (pull.merged_at ? 'merged' : pull.state)))).toEqual(
    new Set(['open', 'closed', 'merged']),
  );
  expect(pulls.some(({ login }) => login === null)).toBe(true);
  expect(pulls.some(({ timeline }) => timeline?.some(({ event }) => event === 'reopened'))).toBe(true);
  const trailers = pulls.map(pull => pull.commits.some(({ message }) => message.includes('Co-authored-by: Claude')));
  expect(new Set(trailers)).toEqual(new Set([true, false]));
  const shas = pulls.flatMap(pull => pull.commits.map(({ sha }) => sha));
  expect(new Set(shas).size).toBe(shas.length);
});

test('times are in order: commits before the end, the end before now', () => {
  for (const pull of history().pulls) {
    expect(pull.created_at < pull.updated_at).toBe(true);
    expect(pull.updated_at < now.toISOString()).toBe(true);
    for (const { date } of pull.commits) expect(date <= pull.updated_at).toBe(true);
    for (const { created_at } of pull.timeline ?? [])
      expect(created_at > pull.created_at && created_at < pull.updated_at).toBe(true);
  }
});

test('requests to AI models of these days name the branches that their developers worked on', () => {
  const { work, pulls } = history();
  const team = {
    developers: authors.map(({ developer }) => developer),
    repositories: ['acme/shop'],
    sessionsADay: 4,
    budgets: [],
  };
  const rows = aiRequests({ team, random: seededRandom(8), now, days: 30, work });
  const ofPulls = rows.filter(({ branch }) => pulls.some(({ head }) => head === branch));
  expect(ofPulls.length).toBeGreaterThan(rows.length / 4);
  for (const { branch, developer_id, event_date } of ofPulls)
    expect(
      work.some(
        one =>
          one.branch === branch && one.developer === developer_id && one.from <= event_date && event_date <= one.to,
      ),
    ).toBe(true);
});
