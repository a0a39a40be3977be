import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { Cell } from '@/app/(portal)/desk/queries/[id]/_parts/cell';

const html = (value: unknown, type = 'STRING') => renderToStaticMarkup(createElement(Cell, { value, type }));

test('null, an empty text and the word null are told apart', () => {
  expect(html(null)).toContain('>null<');
  expect(html('')).toContain('>empty<');
  expect(html('null')).toBe('null');
});

test('false and 0 are values', () => {
  expect(html(false, 'BOOL')).toBe('false');
  expect(html(0, 'INT64')).toBe('0');
});

test('a long text can be focused, and is whole in the page', () => {
  const long = 'word '.repeat(50);
  expect(html(long)).toContain('tabindex="0"');
  expect(html(long)).toContain(long);
});

test('what is nested deeper than people read is not set in, which would be blanks by the megabyte', () => {
  const deep = '['.repeat(400) + ']'.repeat(400);
  expect(html(deep, 'JSON').length).toBeLessThan(1_200);
});

test('JSON opens as readable text, whether it came as a value or as a text', () => {
  const value = { reasons: ['a'.repeat(40), 'b'] };
  for (const shown of [html(value, 'JSON'), html(JSON.stringify(value), 'JSON')]) {
    expect(shown).toContain('<details');
    expect(shown).toContain('\n  &quot;reasons&quot;');
  }
  expect(html('{"cut":', 'JSON')).toBe('{&quot;cut&quot;:');
});
