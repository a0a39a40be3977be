/** What a connection test found, in words. Pure. */
import type { CheckStep, StepResult } from '@/lib/domains/credentials/rules';
import type { FieldError } from '@/lib/platform/errors';

export const stepTitles: Record<CheckStep, string> = { reach: 'Reach', sign_in: 'Sign in', permission: 'Permission' };

/** "Sign in: the key was disabled. Create a new key." */
export const stepLine = ({ step, message, todo }: StepResult): string =>
  `${stepTitles[step]}: ${message}${todo ? ` ${todo}` : ''}`;

/**
 * Why a secret is not stored: the provider does not take it. One that lacks a permission, or that could not be tested,
 * is stored: what helps there is done at the provider, and pasting the secret again does not.
 */
export function refusedByTest(steps: readonly StepResult[]): { message: string; lines: FieldError[] } | null {
  const signIn = steps.find(({ step }) => step === 'sign_in');
  if (signIn?.outcome !== 'failed') return null;
  return {
    message: 'The provider refused this secret, so that nothing was stored. Check it and paste it again.',
    lines: steps
      .filter(({ outcome }) => outcome !== 'skipped')
      .map(result => ({ path: `step ${result.step}`, message: stepLine(result) })),
  };
}
