import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { forgetTexts, keepText, putBack } from '@/app/(portal)/desk/_parts/kept-text';

/** A browser's store: what is kept are its own keys. */
class Store {
  getItem(key: string): string | null {
    return Object.entries(this).find(([own]) => own === key)?.[1] ?? null;
  }
  setItem(key: string, value: string): void {
    Object.assign(this, { [key]: value });
  }
  removeItem(key: string): void {
    Reflect.deleteProperty(this, key);
  }
}

type Area = Pick<HTMLTextAreaElement, 'value' | 'defaultValue' | 'dataset'>;

/** The editor as a page gives it; `typed` is what it holds when the scripts come. */
function area(kept: string, given: string, { isEmpty = true, typed = given } = {}): HTMLTextAreaElement {
  const made: Area = { value: typed, defaultValue: given, dataset: { kept, ...(isEmpty && { empty: '' }) } };
  return made as HTMLTextAreaElement;
}

/** What somebody finds who opens the editor. */
function opened(...of: Parameters<typeof area>): string {
  const made = area(...of);
  putBack(made);
  return made.value;
}

beforeEach(() => vi.stubGlobal('sessionStorage', new Store()));
afterEach(() => vi.unstubAllGlobals());

const type = (kept: string, text: string) => keepText(area(kept, '', { typed: text }));

test('what was typed is there again where nothing else was opened, and does not cover what was', () => {
  type('mia.cus_a', 'SELECT 1');
  expect(opened('mia.cus_a', 'SELECT status')).toBe('SELECT 1');
  expect(opened('mia.cus_a', 'SELECT an_example', { isEmpty: false })).toBe('SELECT an_example');
  expect(opened('mia.cus_a', '')).toBe('SELECT 1');
});

test('what was typed before the scripts came stays, and is kept', () => {
  type('mia.cus_a', 'SELECT 1');
  expect(opened('mia.cus_a', 'SELECT status', { typed: 'SELECT 2' })).toBe('SELECT 2');
  expect(opened('mia.cus_a', 'SELECT status')).toBe('SELECT 2');
});

test('an editor that was emptied begins anew', () => {
  type('mia.cus_a', 'SELECT 1');
  type('mia.cus_a', '');
  expect(opened('mia.cus_a', 'SELECT status')).toBe('SELECT status');
});

test('each organization of a person has its own text, and another sign-in finds none and leaves none', () => {
  sessionStorage.setItem('other', 'stays');
  type('mia.cus_a', 'SELECT a');
  type('mia.cus_b', 'SELECT b');
  expect(opened('mia.cus_b', '')).toBe('SELECT b');
  expect(opened('mia.cus_a', '')).toBe('SELECT a');
  expect(opened('mia.cus_c', '')).toBe('');
  expect(opened('ben.cus_a', '')).toBe('');
  expect(Object.entries(sessionStorage)).toEqual([['other', 'stays']]);
});

test('the page to sign in forgets all texts', () => {
  type('mia.cus_a', 'SELECT a');
  forgetTexts();
  expect(Object.keys(sessionStorage)).toEqual([]);
});

test('a browser that keeps nothing has an editor all the same', () => {
  const refuse = () => {
    throw new Error('The operation is insecure.');
  };
  vi.stubGlobal('sessionStorage', new Proxy({}, { ownKeys: refuse, get: () => refuse }));
  type('mia.cus_a', 'SELECT 1');
  expect(opened('mia.cus_a', 'SELECT status')).toBe('SELECT status');
});
