'use server';
/** Forms of credentials: the same commands as the JSON routes. A secret goes in and never comes back. */
import { endOfDay, separated, text, withFieldNames } from '@/app/(portal)/_shell/form-values';
import { credentialHref } from '@/app/(portal)/credentials/_parts/credential-page';
import { secretFields } from '@/app/(portal)/credentials/_parts/kind-texts';
import { secretOf } from '@/app/(portal)/credentials/_parts/secret-values';
import { refusedByTest } from '@/app/(portal)/credentials/_parts/test-words';
import { testCredential } from '@/lib/domains/credentials/check/test-credential';
import { testSecret } from '@/lib/domains/credentials/check/test-secret';
import { createCredential, deleteCredential, editCredential } from '@/lib/domains/credentials/commands';
import { findCredential } from '@/lib/domains/credentials/queries';
import { endOverlap, rotateCredential } from '@/lib/domains/credentials/rotation';
import { type FormValues, memberAction } from '@/lib/edge/portal/action';
import { type FormState, formError } from '@/lib/edge/portal/form-state';
import { land, type Told } from '@/lib/edge/portal/landing';
import type { Ctx } from '@/lib/kernel/ctx';
import { AppError } from '@/lib/platform/errors';

const secrets = { secrets: secretFields };
const names = { within: 'secret', renamed: { expires_at: 'expires_on' } };

type Done = 'stored' | 'tested' | 'saved' | 'replaced' | 'rotated' | 'ended';
const toldAt = (id: string, done: Done): Told => `${credentialHref(id)}?done=${done}`;

/** Whether the form's button asks for a test first. */
const wantsTest = (values: FormValues): boolean => text(values.intent) === 'test';

/** What the test refused, as the form's answer; null where the secret may be stored. */
async function testedFirst(ctx: Ctx, data: FormData, values: FormValues, secret: object): Promise<FormState | null> {
  if (!wantsTest(values)) return null;
  const required = separated(values.required_permissions);
  const { result } = await testSecret(ctx, { secret, required_permissions: required });
  const refusal = refusedByTest(result.steps);
  return refusal && formError(refusal.message, data, refusal.lines, secretFields);
}

/** Tests what was just stored, so that its page shows how it stands; where that cannot be, it stands as never tested. */
async function testStored(ctx: Ctx, values: FormValues, id: string): Promise<void> {
  if (!wantsTest(values)) return;
  await testCredential(ctx, { credential_id: id }).catch(error => {
    if (!(error instanceof AppError)) throw error;
  });
}

export async function createCredentialAction(_: FormState, data: FormData): Promise<FormState> {
  const create = async ({ ctx }: { ctx: Ctx }, values: FormValues) => {
    const secret = await secretOf(data, values);
    const refused = await testedFirst(ctx, data, values, secret);
    if (refused) return refused;
    const { result } = await createCredential(ctx, {
      name: text(values.name),
      secret,
      required_permissions: separated(values.required_permissions),
      expires_at: endOfDay(values.expires_on, 'expires_on', ctx.clock()),
      request_token: text(values.idempotency_key),
    });
    await testStored(ctx, values, result.credential_id);
    return land(toldAt(result.credential_id, 'stored'));
  };
  return memberAction(data, (visitor, values) => withFieldNames(() => create(visitor, values), names), secrets);
}

export async function replaceSecretAction(_: FormState, data: FormData): Promise<FormState> {
  const replace = async ({ ctx }: { ctx: Ctx }, values: FormValues) => {
    const secret = await secretOf(data, values);
    const refused = await testedFirst(ctx, data, values, secret);
    if (refused) return refused;
    const id = text(values.credential_id);
    const expires = endOfDay(values.expires_on, 'expires_on', ctx.clock());
    await editCredential(ctx, { credential_id: id, secret, expires_at: expires });
    await testStored(ctx, values, id);
    return land(toldAt(id, 'replaced'));
  };
  return memberAction(data, (visitor, values) => withFieldNames(() => replace(visitor, values), names), secrets);
}

export async function rotateCredentialAction(_: FormState, data: FormData): Promise<FormState> {
  const rotate = async ({ ctx }: { ctx: Ctx }, values: FormValues) => {
    const secret = await secretOf(data, values);
    const refused = await testedFirst(ctx, data, values, secret);
    if (refused) return refused;
    const id = text(values.credential_id);
    await rotateCredential(ctx, {
      credential_id: id,
      secret,
      expires_at: endOfDay(values.expires_on, 'expires_on', ctx.clock()),
      overlap_seconds: Number(text(values.overlap_seconds)),
    });
    await testStored(ctx, values, id);
    return land(toldAt(id, 'rotated'));
  };
  return memberAction(data, (visitor, values) => withFieldNames(() => rotate(visitor, values), names), secrets);
}

export async function editCredentialAction(_: FormState, data: FormData): Promise<FormState> {
  const edit = async ({ ctx }: { ctx: Ctx }, values: FormValues) => {
    const id = text(values.credential_id);
    await editCredential(ctx, {
      credential_id: id,
      name: text(values.name),
      required_permissions: separated(values.required_permissions),
      expires_at: endOfDay(values.expires_on, 'expires_on', ctx.clock()),
    });
    return land(toldAt(id, 'saved'));
  };
  return memberAction(data, (visitor, values) => withFieldNames(() => edit(visitor, values), names));
}

export async function testCredentialAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }, values) => {
    const id = text(values.credential_id);
    await testCredential(ctx, { credential_id: id });
    return land(toldAt(id, 'tested'));
  });
}

export async function endOverlapAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }, values) => {
    const id = text(values.credential_id);
    await endOverlap(ctx, { credential_id: id });
    return land(toldAt(id, 'ended'));
  });
}

export async function deleteCredentialAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }, values) => {
    const credential = await findCredential(ctx, text(values.credential_id));
    if (text(values.confirm).trim() !== credential.name) {
      const message = 'Type the name of the credential as it is shown.';
      throw new AppError('invalid_input', message, { fields: [{ path: 'confirm', message }] });
    }
    await deleteCredential(ctx, { credential_id: credential.credential_id });
    return land('/credentials?done=deleted');
  });
}
