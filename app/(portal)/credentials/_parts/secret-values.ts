/** A form's fields as the secret that commands take. */
import { text } from '@/app/(portal)/_shell/form-values';
import { fieldsOfKind } from '@/app/(portal)/credentials/_parts/kind-texts';
import { type CredentialKind, credentialKinds } from '@/lib/domains/credentials/rules';
import type { FormValues } from '@/lib/edge/portal/action';
import { AppError } from '@/lib/platform/errors';

/** Larger files are none of a service account; they are not read. */
const maxFileBytes = 20_000;

/** The kind that a form or an address names; undefined for any other text. */
export const kindOf = (name: string | undefined): CredentialKind | undefined =>
  credentialKinds.find(kind => kind === name);

/** The chosen file's text, or that of the field where none was chosen. AppError invalid_input where it is too long. */
async function serviceAccountJson(data: FormData, values: FormValues): Promise<string> {
  const file = data.get('service_account_file');
  if (!(file instanceof File) || file.size === 0) return text(values.service_account_json);
  if (file.size <= maxFileBytes) return file.text();
  const message = 'This file is too large for the key of a service account.';
  throw new AppError('invalid_input', message, { fields: [{ path: 'service_account_file', message }] });
}

/** The secret of the form; fields left empty are left out, for the input to name. */
export async function secretOf(data: FormData, values: FormValues): Promise<Record<string, string>> {
  const kind = kindOf(text(values.kind));
  if (kind === 'gcp_service_account') return { kind, service_account_json: await serviceAccountJson(data, values) };
  const fields = kind ? fieldsOfKind[kind] : [];
  const given = fields.flatMap(field => (text(values[field]) === '' ? [] : [[field, text(values[field])]]));
  return { kind: kind ?? '', ...Object.fromEntries(given) };
}
