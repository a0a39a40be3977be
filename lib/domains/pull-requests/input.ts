/** What callers send about repositories and about who an account of GitHub is; forms, JSON and the operator's command alike. */
import { z } from 'zod';
import { credentialId } from '@/lib/domains/credentials/input';
import { maxIdentities } from '@/lib/domains/pull-requests/rules';

/** `owner/name`; an address of github.com is taken as well. */
export const repoSlugInput = z
  .string({ error: 'Give the repository as owner/name.' })
  .trim()
  .max(300)
  .transform(text => text.replace(/^(?:https:\/\/github\.com\/|git@github\.com:)/i, '').replace(/(?:\.git)?\/?$/, ''))
  .pipe(
    z
      .string()
      .regex(
        /^[A-Za-z\d](?:[A-Za-z\d-]{0,38})\/(?!\.{1,2}$)[\w.-]{1,100}$/,
        'Give the repository as owner/name, such as acme/shop.',
      ),
  );
export const loginInput = z
  .string({ error: 'Give the login on GitHub.' })
  .trim()
  // An underscore stands in logins that a company manages.
  .regex(/^@?[A-Za-z\d][\w-]{0,38}(?:\[bot\])?$/, 'A login has letters, digits and hyphens, such as octocat.')
  .transform(text => text.replace(/^@/, ''));
/** As sessions name the developer. */
export const developerInput = z.string({ error: 'Name the developer.' }).trim().min(1, 'Name the developer.').max(300);

const requestToken = z
  .string()
  .regex(/^[\x21-\x7e]{8,80}$/)
  .optional();
const repositoryId = z.string().regex(/^[\w-]{1,64}$/, 'This is not the id of a repository.');

export const connectRepositoryInput = z.strictObject({
  repo: repoSlugInput,
  credential_id: credentialId,
  request_token: requestToken,
});
/** Another credential, from the next synchronisation on. */
export const editRepositoryInput = z.strictObject({ repository_id: repositoryId, credential_id: credentialId });
export const repositoryInput = z.strictObject({ repository_id: repositoryId });

export const confirmIdentityInput = z.strictObject({ developer_id: developerInput, login: loginInput });
export const developerIdInput = z.strictObject({ developer_id: developerInput });
/** A file of lines `developer_id,login`, a head line first. */
export const importIdentitiesInput = z.strictObject({
  csv: z
    .string({ error: 'Choose a file.' })
    .min(1, 'The file is empty.')
    .max(maxIdentities * 400, `At most ${maxIdentities} lines.`),
});
