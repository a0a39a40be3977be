/** What a person has chosen so far, in a cookie of the onboarding pages: Back keeps it, and nothing is written before the end. */
import { cookies } from 'next/headers';
import { z } from 'zod';
import { displayName, planChoice } from '@/lib/domains/customers/input';
import { sessionCookieOptions } from '@/lib/edge/portal/sign-in/cookies';

const cookieName = 'tenantry.onboarding';
const maxAgeSeconds = 24 * 3600;

const draft = z.strictObject({
  /** Whose it is: another account in the same browser starts anew. */
  userId: z.string(),
  companyName: displayName,
  plan: planChoice.optional(),
  /** Random; one draft opens one organization. */
  token: z.string(),
});
export type Draft = z.output<typeof draft>;

/** The person's draft; null where there is none that can be used. */
export async function readDraft(userId: string): Promise<Draft | null> {
  const text = (await cookies()).get(cookieName)?.value;
  if (!text) return null;
  try {
    const parsed = draft.safeParse(JSON.parse(text));
    return parsed.success && parsed.data.userId === userId ? parsed.data : null;
  } catch {
    return null;
  }
}

/** Keeps the draft; call it in a server action. */
export async function keepDraft(kept: Draft): Promise<void> {
  const options = { ...sessionCookieOptions(), path: '/onboarding', maxAge: maxAgeSeconds };
  (await cookies()).set(cookieName, JSON.stringify(kept), options);
}

/** Forgets the draft; call it in a server action. */
export async function dropDraft(): Promise<void> {
  (await cookies()).delete({ name: cookieName, path: '/onboarding' });
}
