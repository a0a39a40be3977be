/** JSON that a person wrote in a form: parsed with its numbers as they stand, or the place of what is wrong. */

import { jsonFault } from '@/lib/kernel/json-fault';
import { parseJson } from '@/lib/platform/exact-json';

export type JsonText = { ok: true; value: unknown } | { ok: false; message: string };

/** The object that a text holds, null for an empty one; else a sentence with line and column, counted from 1. */
export function parseJsonText(text: string): JsonText {
  if (text.trim() === '') return { ok: true, value: null };
  const fault = jsonFault(text);
  if (fault) return { ok: false, message: `line ${fault.line}, column ${fault.column}: this is not JSON.` };
  try {
    const value = parseJson(text, 'kept');
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (isObject || value === null) return { ok: true, value };
    return { ok: false, message: 'line 1, column 1: write an object, such as {"region": "eu"}.' };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return { ok: false, message: 'line 1, column 1: this JSON is nested too deep.' };
  }
}
