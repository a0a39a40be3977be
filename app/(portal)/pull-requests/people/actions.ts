'use server';
/** Forms of who is who: the same commands as the JSON routes. */
import { formatPlural } from '@/app/_ui/format';
import { text } from '@/app/(portal)/_shell/form-values';
import { peopleHref } from '@/app/(portal)/pull-requests/_parts/pull-words';
import { confirmIdentity, rejectIdentity, removeIdentity } from '@/lib/domains/pull-requests/people/identities';
import { type ImportedIdentities, importIdentities } from '@/lib/domains/pull-requests/people/import-identities';
import { memberAction } from '@/lib/edge/portal/action';
import type { FormState } from '@/lib/edge/portal/form-state';
import { land } from '@/lib/edge/portal/landing';
import { AppError } from '@/lib/platform/errors';

/** Below what a form may send; a larger file goes in parts, or to the JSON route. */
const maxFileBytes = 200_000;

const done = (what: string): Promise<never> => land(`${peopleHref}?done=${what}`);

export async function confirmIdentityAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }, values) => {
    await confirmIdentity(ctx, { developer_id: text(values.developer_id), login: text(values.login) });
    return done('confirmed');
  });
}

export async function rejectIdentityAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }, values) => {
    await rejectIdentity(ctx, { developer_id: text(values.developer_id) });
    return done('rejected');
  });
}

export async function removeIdentityAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }, values) => {
    await removeIdentity(ctx, { developer_id: text(values.developer_id) });
    return done('removed');
  });
}

async function fileIn(data: FormData): Promise<string> {
  const file = data.get('csv');
  const message =
    !(file instanceof File) || file.size === 0
      ? 'Choose a file.'
      : file.size > maxFileBytes
        ? 'The file is larger than 200 kB. Split it.'
        : null;
  if (message !== null) throw new AppError('invalid_input', message, { fields: [{ path: 'csv', message }] });
  return (file as File).text();
}

/** What became of the file; each refused line is named. */
function answerOf({ taken, unchanged, refused }: ImportedIdentities): FormState {
  const sums = `${formatPlural(taken, 'line')} taken, ${unchanged} unchanged, ${refused.length} refused.`;
  if (refused.length === 0) return { status: 'done', message: sums };
  const fieldErrors = Object.fromEntries(
    refused.map(({ line, problem }) => [`line_${line}`, `Line ${line}: ${problem}`]),
  );
  return { status: 'error', message: sums, fieldErrors, values: {} };
}

export async function importIdentitiesAction(_: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }) => {
    const { result } = await importIdentities(ctx, { csv: await fileIn(data) });
    return answerOf(result);
  });
}
