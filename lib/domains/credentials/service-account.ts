/** The JSON file of a Google Cloud service account: what is wrong with it is named, never quoted. */
import { createPrivateKey } from 'node:crypto';
import { invalidInput } from '@/lib/kernel/input';
import { jsonFault } from '@/lib/kernel/json-fault';
import type { AppError } from '@/lib/platform/errors';

export type ServiceAccount = {
  type: string;
  project_id: string;
  private_key_id: string;
  private_key: string;
  client_email: string;
  token_uri: string;
  client_id?: string;
};

const path = 'secret.service_account_json';
const tokenUri = 'https://oauth2.googleapis.com/token';
const longestValue = 8_000;

const refused = (message: string): AppError => invalidInput([{ path, message }]);

/** Whether Node can sign with it; a key that only looks like one fails at the first run otherwise. */
function isPrivateKey(text: string): boolean {
  try {
    return createPrivateKey(text).asymmetricKeyType === 'rsa';
  } catch {
    return false;
  }
}

type Rule = { field: keyof ServiceAccount; isRight: (value: string) => boolean; otherwise: string };

const rules: readonly Rule[] = [
  {
    field: 'type',
    isRight: value => value === 'service_account',
    otherwise: 'Its type is not service_account: make a key of a service account and paste that file.',
  },
  {
    field: 'project_id',
    isRight: value => /^[a-z][a-z\d:.-]{4,61}[a-z\d]$/.test(value),
    otherwise: 'Its project_id is not the id of a project.',
  },
  {
    field: 'private_key_id',
    isRight: value => /^[a-f\d]{40}$/.test(value),
    otherwise: 'Its private_key_id is not 40 hexadecimal digits.',
  },
  { field: 'private_key', isRight: isPrivateKey, otherwise: 'Its private_key is not a whole private key in PEM.' },
  {
    field: 'client_email',
    isRight: value => /^[^\s@]{1,100}@[a-z\d.-]{1,200}\.gserviceaccount\.com$/.test(value),
    otherwise: 'Its client_email is not the address of a service account.',
  },
  { field: 'token_uri', isRight: value => value === tokenUri, otherwise: `Its token_uri is not ${tokenUri}.` },
];

function parsed(text: string): Record<string, unknown> {
  const fault = jsonFault(text);
  if (fault) throw refused(`This is not JSON: see line ${fault.line}, column ${fault.column}.`);
  const value: unknown = JSON.parse(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw refused('This is not the JSON file of a service account: it is no object.');
  return value as Record<string, unknown>;
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

/** The fields that are kept; anything else in the file is left out. Throws AppError invalid_input that names what is wrong. */
export function readServiceAccount(text: string): ServiceAccount {
  const file = parsed(text);
  const missing = rules.filter(({ field }) => !isText(file[field])).map(({ field }) => field);
  if (missing.length > 0) throw refused(`The file has no ${missing.join(', ')}.`);
  const wrong = rules.find(({ field, isRight }) => {
    const value = file[field] as string;
    return value.length > longestValue || !isRight(value);
  });
  if (wrong) throw refused(wrong.otherwise);
  const { client_id } = file;
  if (client_id !== undefined && !(isText(client_id) && /^\d{1,40}$/.test(client_id)))
    throw refused('Its client_id is not a number.');
  const kept = Object.fromEntries(rules.map(({ field }) => [field, file[field] as string])) as ServiceAccount;
  return client_id === undefined ? kept : { ...kept, client_id };
}
