import { expect, test } from 'vitest';
import { createKeyInput, listKeysInput, rotateKeyInput } from '@/lib/domains/keys/input';
import { keyPresets, presetRules, scopeGroups } from '@/lib/domains/keys/rules';
import { parseInput } from '@/lib/kernel/input';
import { customerScopes } from '@/lib/kernel/permissions';
import { AppError } from '@/lib/platform/errors';

const sound = { name: 'ci-loader', scopes: ['runs:write'] };

function refusal(raw: unknown): AppError {
  try {
    parseInput(createKeyInput, raw);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error(`${JSON.stringify(raw)} was taken`);
}

test('a key needs a name and scopes; the rest has defaults', () => {
  expect(
    parseInput(createKeyInput, { name: '  ci-loader ', scopes: ['runs:write', 'runs:read', 'runs:write'] }),
  ).toEqual({
    name: 'ci-loader',
    scopes: ['runs:read', 'runs:write'],
    credential_ids: null,
    expires_at: null,
    rate_limit_tier: 'STANDARD',
  });
});

test.each(keyPresets)('the preset %s stands for its scopes, each of which a customer’s key may carry', preset => {
  const { scopes } = parseInput(createKeyInput, { name: 'ci-loader', preset });
  expect(scopes).toEqual(presetRules[preset].scopes);
  expect(parseInput(createKeyInput, { name: 'ci-loader', scopes }).scopes.sort()).toEqual([...scopes].sort());
});

test('a preset that only reads changes nothing and fetches no credential', () => {
  const { scopes } = presetRules.read_only;
  expect(scopes.filter(scope => !scope.endsWith(':read') || scope === 'credentials:read')).toEqual([]);
});

test('every scope of a customer’s key stands in one group', () => {
  expect(scopeGroups.flatMap(group => group.scopes).sort()).toEqual([...customerScopes].sort());
});

test('a name of 80 characters outside the basic plane is taken, of 81 refused', () => {
  expect(parseInput(createKeyInput, { ...sound, name: '🔑'.repeat(80) }).name).toHaveLength(160);
  expect(refusal({ ...sound, name: '🔑'.repeat(81) }).fields?.[0]?.path).toBe('name');
});

const refusals: [sentence: string, raw: unknown, path: string][] = [
  ['no name', { scopes: ['runs:write'] }, 'name'],
  ['an empty name', { ...sound, name: '   ' }, 'name'],
  ['a name of 81 characters', { ...sound, name: 'x'.repeat(81) }, 'name'],
  ['a name of a megabyte', { ...sound, name: 'x'.repeat(1_000_000) }, 'name'],
  ['a line break in the name', { ...sound, name: 'a\nb' }, 'name'],
  ['a right-to-left override in the name', { ...sound, name: 'a\u202eb' }, 'name'],
  ['half a surrogate pair in the name', { ...sound, name: 'a\ud800' }, 'name'],
  ['a number as name', { ...sound, name: 7 }, 'name'],
  ['no scope', { ...sound, scopes: [] }, 'scopes'],
  ['a scope as text', { ...sound, scopes: 'runs:write' }, 'scopes'],
  ['neither scopes nor preset', { name: 'ci-loader' }, 'scopes'],
  ['scopes and a preset', { ...sound, preset: 'worker' }, 'preset'],
  ['an unknown preset', { name: 'ci-loader', preset: 'everything' }, 'preset'],
  [
    'credentials with a preset without the scope',
    { name: 'ci', preset: 'worker', credential_ids: ['c1'] },
    'credential_ids',
  ],
  ['an unknown scope', { ...sound, scopes: ['runs:write', 'everything'] }, 'scopes.1'],
  ['a scope of service keys', { ...sound, scopes: ['keys:verify'] }, 'scopes.0'],
  ['a permission that is no scope', { ...sound, scopes: ['organization:delete'] }, 'scopes.0'],
  ['a date without time', { ...sound, expires_at: '2026-12-01' }, 'expires_at'],
  ['a time without offset', { ...sound, expires_at: '2026-12-01T00:00:00' }, 'expires_at'],
  ['a day that does not exist', { ...sound, expires_at: '2026-02-30T00:00:00Z' }, 'expires_at'],
  ['a number as expiry', { ...sound, expires_at: 1_800_000_000 }, 'expires_at'],
  ['credentials without the scope', { ...sound, credential_ids: ['c1'] }, 'credential_ids'],
  ['no credential in the list', { ...sound, scopes: ['credentials:read'], credential_ids: [] }, 'credential_ids'],
  ['a secret as name', { ...sound, name: 'AKIAIOSFODNN7EXAMPLE' }, 'name'],
  ['an unknown tier', { ...sound, rate_limit_tier: 'FAST' }, 'rate_limit_tier'],
  ['an unknown field', { ...sound, customer_id: 'cus_other' }, 'customer_id'],
  ['a list instead of an object', [], ''],
  ['null', null, ''],
];

test.each(refusals)('%s is refused at its path', (_, raw, path) => {
  const error = refusal(raw);
  expect(error.status).toBe(400);
  expect(error.fields?.map(field => field.path)).toContain(path);
});

test('a grace period is one of the four offered, 24 hours unless chosen', () => {
  expect(parseInput(rotateKeyInput, { api_key_id: 'k' }).grace_seconds).toBe(86_400);
  expect(() => parseInput(rotateKeyInput, { api_key_id: 'k', grace_seconds: 5 })).toThrow(/Choose one of/);
});

test('a list shows active keys, newest first, 50 a page; wrong filters are refused', () => {
  const defaults = { q: '', status: 'active', sort: 'created', dir: 'desc', limit: 50 };
  expect(parseInput(listKeysInput, {})).toEqual(defaults);
  for (const wrong of [
    { status: 'lost' },
    { sort: 'name' },
    { dir: 'up' },
    { limit: '1000' },
    { limit: 'x' },
    { page: '2' },
  ])
    expect(() => parseInput(listKeysInput, wrong)).toThrow(AppError);
});
