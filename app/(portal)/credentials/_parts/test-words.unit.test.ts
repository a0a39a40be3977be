import { expect, test } from 'vitest';
import { refusedByTest, stepLine } from '@/app/(portal)/credentials/_parts/test-words';
import type { StepResult } from '@/lib/domains/credentials/rules';

const step = (name: StepResult['step'], outcome: StepResult['outcome'], todo: string | null = null): StepResult => ({
  step: name,
  outcome,
  message: `${name} ${outcome}.`,
  todo,
});
const reached = step('reach', 'ok');

test('a secret that the provider refuses is not stored, and each step that was taken is said', () => {
  const steps = [reached, step('sign_in', 'failed', 'Create a new key.'), step('permission', 'skipped')];
  expect(refusedByTest(steps)?.lines.map(line => line.message)).toEqual([
    'Reach: reach ok.',
    'Sign in: sign_in failed. Create a new key.',
  ]);
});

test.each([
  ['all is well', [reached, step('sign_in', 'ok'), step('permission', 'ok')]],
  ['a permission is missing', [reached, step('sign_in', 'ok'), step('permission', 'failed')]],
  ['the provider is away', [step('reach', 'failed'), step('sign_in', 'skipped'), step('permission', 'skipped')]],
])('a secret is stored where %s', (_, steps) => expect(refusedByTest(steps)).toBeNull());

test('a step says what it found and what to do', () =>
  expect(stepLine(step('permission', 'failed', 'Grant it.'))).toBe('Permission: permission failed. Grant it.'));
