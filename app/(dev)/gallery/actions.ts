'use server';
import { notFound } from 'next/navigation';
/** Actions of the gallery: each ends in the state its form is there to show. */
import { type FormState, formError, submittedValues } from '@/lib/edge/portal/form-state';
import { env } from '@/lib/platform/env';

function onlyInDevelopment(): void {
  if (env().NODE_ENV === 'production') notFound();
}

/** Fails while the name is shorter than three signs or no scope is ticked; then reveals an example key. */
export async function createExampleKey(_previous: FormState, data: FormData): Promise<FormState> {
  onlyInDevelopment();
  const values = submittedValues(data);
  const fields = [
    ...(String(values.name ?? '').length < 3 ? [{ path: 'name', message: 'Enter a name of at least 3 signs.' }] : []),
    ...(values.scopes ? [] : [{ path: 'scopes', message: 'Choose at least one scope.' }]),
  ];
  if (fields.length > 0) return formError('The key was not created.', data, fields);
  const secret = {
    label: 'API key',
    value: 'ty_live_EXAMPLE0000000000000000000000000000',
    envName: 'TENANTRY_API_KEY',
    doneHref: '/gallery',
  };
  return { status: 'done', secret };
}

/** Always refuses, as a server does that knows better than the page. */
export async function refuse(_previous: FormState, data: FormData): Promise<FormState> {
  onlyInDevelopment();
  return formError('The key was revoked by someone else a minute ago.', data);
}

/** Saves nothing and says so. */
export async function saveExample(_previous: FormState, _data: FormData): Promise<FormState> {
  onlyInDevelopment();
  return { status: 'done', message: 'Name saved.' };
}
