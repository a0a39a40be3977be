'use server';
/** Forms of API keys: the same commands as the JSON routes; a secret is only in the answer to its own POST. */
import { redirect } from 'next/navigation';
import { firstCallOf } from '@/app/(portal)/keys/_parts/first-call';
import { createKey, renameKey, revokeKey } from '@/lib/domains/keys/commands';
import { readKey } from '@/lib/domains/keys/queries';
import { endGrace, rotateKey } from '@/lib/domains/keys/rotation';
import { customPreset, expiryDayChoices, type KeyPreset, wasUsedRecently } from '@/lib/domains/keys/rules';
import type { KeyView } from '@/lib/domains/keys/view';
import { type FormValues, memberAction } from '@/lib/edge/portal/action';
import type { FormState } from '@/lib/edge/portal/form-state';
import { land } from '@/lib/edge/portal/landing';
import { utcDayInput } from '@/lib/kernel/input';
import { dataPlaneUrl, env } from '@/lib/platform/env';
import { AppError } from '@/lib/platform/errors';
import type { Secret } from '@/lib/platform/log';

const text = (value: FormValues[string] | undefined): string =>
  typeof value === 'string' ? value : (value?.[0] ?? '');
const list = (value: FormValues[string] | undefined): string[] | undefined =>
  typeof value === 'string' ? [value] : value;

/** What the form says the key may do; the checkboxes count only where they are shown. */
function chosenScopes(values: FormValues) {
  const preset = text(values.preset);
  if (preset && preset !== customPreset) return { preset: preset as KeyPreset };
  return { scopes: list(values.scopes) ?? [], credential_ids: list(values.credential_ids) ?? null };
}

const dayMs = 86_400_000;

/** The instant a form's choice stands for: days from now, the end of a UTC day, or never. */
function chosenExpiry(values: FormValues, now: Date): string | null {
  const choice = text(values.expires_at);
  if (choice === 'never') return null;
  const days = expiryDayChoices.find(known => String(known) === choice);
  if (days) return new Date(now.getTime() + days * dayMs).toISOString();
  const day = utcDayInput.safeParse(text(values.expires_on));
  const end = new Date(`${day.data}T23:59:59Z`);
  const problem = !day.success ? 'Choose a date.' : end <= now ? 'Choose a date in the future.' : null;
  if (problem) throw new AppError('invalid_input', problem, { fields: [{ path: 'expires_on', message: problem }] });
  return end.toISOString();
}

const revealed = (key: KeyView, secret: Secret): FormState => ({
  status: 'done',
  secret: {
    label: 'API key',
    value: secret.reveal(),
    envName: 'TENANTRY_API_KEY',
    firstCall: firstCallOf(key.api_key_id, key.scopes, { dataPlane: dataPlaneUrl(), portal: env().PORTAL_URL }),
    doneHref: '/keys',
    goneHref: `/keys/${key.api_key_id}?gone=1`,
  },
});

/** Runs what makes a key; a form sent again after its key was shown leads to the page that says so. */
async function reveal(make: () => Promise<{ key: KeyView; secret: Secret }>): Promise<FormState> {
  let shownBefore: unknown;
  try {
    const { key, secret } = await make();
    return revealed(key, secret);
  } catch (error) {
    if (!(error instanceof AppError) || typeof error.details?.api_key_id !== 'string') throw error;
    shownBefore = error.details.api_key_id;
  }
  redirect(`/keys/${shownBefore}?gone=1`);
}

export async function createKeyAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, ({ ctx }, values) =>
    reveal(async () => {
      const { result } = await createKey(ctx, {
        name: text(values.name),
        ...chosenScopes(values),
        expires_at: chosenExpiry(values, ctx.clock()),
        rate_limit_tier: text(values.rate_limit_tier),
        request_token: text(values.idempotency_key),
      });
      return result;
    }),
  );
}

export async function rotateKeyAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, ({ ctx }, values) =>
    reveal(async () => {
      const { result } = await rotateKey(ctx, {
        api_key_id: text(values.api_key_id),
        grace_seconds: Number(text(values.grace_seconds)),
        request_token: text(values.idempotency_key),
      });
      return result;
    }),
  );
}

export async function renameKeyAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }, values) => {
    const { result } = await renameKey(ctx, { api_key_id: text(values.api_key_id), name: text(values.name) });
    return land(`/keys/${result.api_key_id}?done=renamed`);
  });
}

export async function revokeKeyAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }, values) => {
    const key = await readKey(ctx, text(values.api_key_id));
    if (wasUsedRecently(key.last_used_at, ctx.clock()) && text(values.confirm).trim() !== key.name) {
      const message = 'Type the name of the key as it is shown.';
      throw new AppError('invalid_input', message, { fields: [{ path: 'confirm', message }] });
    }
    await revokeKey(ctx, { api_key_id: key.api_key_id, reason: text(values.reason) });
    return land(`/keys/${key.api_key_id}?done=revoked`);
  });
}

export async function endGraceAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }, values) => {
    const { result } = await endGrace(ctx, { api_key_id: text(values.api_key_id) });
    return land(`/keys/${result.api_key_id}?done=ended`);
  });
}
