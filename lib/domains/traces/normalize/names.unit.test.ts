import { expect, test } from 'vitest';
import { providerName, providerOf, withProvider } from '@/lib/domains/traces/normalize/model-name';
import { repoSlug } from '@/lib/domains/traces/normalize/repo-slug';
import { developerId, sessionId, sessionOfUser } from '@/lib/domains/traces/normalize/session-id';
import { statusOf } from '@/lib/domains/traces/normalize/status';
import { tagsText } from '@/lib/domains/traces/normalize/text';

const uuid = '6f1c1d2e-0f6b-4a39-9d0c-1f1e2d3c4b5a';
const hex = 'e5b0a1c2'.repeat(8);

test.each<[sent: string, session: string | null, why: string]>([
  ['abc123', 'abc123', 'as sent'],
  ['  abc123\n', 'abc123', 'spaces at the ends are nobody’s'],
  ['Run 7/Ä', 'Run 7/Ä', 'capitals and other scripts stay'],
  [uuid.toUpperCase(), uuid, 'a UUID is in small letters'],
  [`{${uuid.toUpperCase()}}`, uuid, 'as .NET writes it'],
  [`urn:uuid:${uuid}`, uuid, 'as URNs have it'],
  [`user_${hex}_account_${uuid}_session_${uuid}`, uuid, 'as Claude Code sends its user'],
  [`user_${hex}_account__session_S7`, 'S7', 'as Claude Code does without an account'],
  [JSON.stringify({ device_id: hex, account_uuid: '', session_id: uuid }), uuid, 'as newer Claude Code does'],
  ['{"session_id": 5}', '{"session_id": 5}', 'other JSON is a text'],
  ['', null, 'none'],
  [' \u0000 ', null, 'nothing that can be kept'],
  ['None', null, 'Python’s text of none'],
  ['undefined', null, 'JavaScript’s text of none'],
  ['00000000-0000-0000-0000-000000000000', null, 'the empty UUID'],
  ['a\u0000b\ud800c', 'a b\ufffdc', 'what no store keeps is replaced'],
])('the session id %j is %j: %s', (sent, session) => {
  expect(sessionId(sent)).toBe(session);
  if (session !== null) expect(sessionId(session)).toBe(session);
});

test('session ids that are too long stay apart', () => {
  const [one, other] = [sessionId(`${'x'.repeat(300)}1`), sessionId(`${'x'.repeat(300)}2`)];
  expect(one).toHaveLength(256);
  expect(one).not.toBe(other);
});

test('only a user’s name that holds a session gives one', () => {
  expect(sessionOfUser('dev@example.com')).toBeNull();
  expect(sessionOfUser('user_7')).toBeNull();
  expect(sessionOfUser(`user_${hex}_account_${uuid}_session_${uuid.toUpperCase()}`)).toBe(uuid);
});

test.each<[string, string | null]>([
  ['Dev@Example.com', 'Dev@Example.com'],
  ['default_user_id', null],
  ['null', null],
  [`user_abc_account_${uuid}_session_S`, `user_abc_account_${uuid}`],
  ['user_abc_account__session_S', 'user_abc'],
  [JSON.stringify({ device_id: 'd', account_uuid: uuid, session_id: 'S' }), uuid],
  ['x'.repeat(300), 'x'.repeat(256)],
])('the developer %j is %j', (sent, developer) => {
  expect(developerId(sent)).toBe(developer);
});

test.each<[string, string | null]>([
  ['owner/repo', 'owner/repo'],
  ['R', 'R'],
  ['git@github.com:o/n.git', 'o/n'],
  ['ssh://git@github.com:22/o/n.git', 'o/n'],
  ['https://github.com/o/n', 'o/n'],
  ['https://user:word@github.com/o/n.git/', 'o/n'],
  ['https://github.com/o/n/tree/main?tab=readme#top', 'o/n'],
  ['https://gitlab.com/group/sub/n/-/tree/main', 'group/sub/n'],
  ['o/n.git', 'o/n'],
  ['o/n.js', 'o/n.js'],
  ['../../etc', 'etc'],
  ['/', null],
  ['  ', null],
])('the repository %j is %j', (sent, slug) => {
  expect(repoSlug(sent)).toBe(slug);
});

test.each<[model: string | null, provider: string, name: string | null]>([
  ['gpt-4o', 'openai', 'openai/gpt-4o'],
  ['openai/gpt-4o', 'openai', 'openai/gpt-4o'],
  ['bedrock_converse/claude', 'bedrock', 'bedrock/claude'],
  ['anthropic/claude', 'openrouter', 'openrouter/anthropic/claude'],
  [null, 'openai', null],
])('the model %j of %j is %j', (model, provider, name) => {
  expect(withProvider(model, provider)).toBe(name);
});

test('a model that is named with its provider tells it', () => {
  expect(['anthropic/claude', 'gpt-4o', '/x', null].map(providerOf)).toEqual(['anthropic', null, null, null]);
});

test('providers have the names that price maps have', () => {
  expect(['OpenAI', 'aws.bedrock', 'gcp.vertex_ai', 'az.ai.openai', 'constructor'].map(providerName)).toEqual([
    'openai',
    'bedrock',
    'vertex_ai',
    'azure',
    'constructor',
  ]);
});

test('an error stands for a status where its code or name says so', () => {
  expect(['429', 'openai.RateLimitError', 'overloaded_error', '999', 'toString', 'TimeoutError'].map(statusOf)).toEqual(
    [429, 429, 529, null, null, null],
  );
});

test('tags are separated by commas, and none holds one', () => {
  expect(tagsText(['a', 'b,c', ' ', 'x'.repeat(200)])).toBe(`a,b c,${'x'.repeat(100)}`);
  expect(tagsText(Array.from({ length: 50 }, (_, index) => `${index}`))?.split(',')).toHaveLength(20);
  expect(tagsText([])).toBeNull();
});
