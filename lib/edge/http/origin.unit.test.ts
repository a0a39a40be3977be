import { expect, test } from 'vitest';
import { safePath } from '@/lib/edge/http/origin';

const kept = ['/', '/keys', '/keys/new?from=1', '/invitations/abc_-1'];
const refused: [sentence: string, next: unknown][] = [
  ['another host', 'https://evil.example/'],
  ['a host without scheme', '//evil.example'],
  ['two slashes behind a dot', '/.//evil.example'],
  ['two slashes behind two dots', '/keys/..//evil.example'],
  ['two slashes behind an encoded dot', '/%2e//evil.example'],
  ['a tab between the slashes', '/\t/evil.example'],
  ['a tab behind a dot', '/./\t/evil.example'],
  ['a backslash', '/\\evil.example'],
  ['a script', 'javascript:alert(1)'],
  ['a relative path', 'keys'],
  ['a parameter given twice', ['/keys', '//evil.example']],
  ['nothing', undefined],
];

test.each(kept)('after sign-in the browser goes to %s', next => expect(safePath(next)).toBe(next));

test.each(refused)('after sign-in the browser does not go to %s', (_, next) => {
  expect(safePath(next)).toBe('/');
});
