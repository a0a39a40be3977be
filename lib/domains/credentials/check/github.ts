/** GitHub: whose token it is, and the scopes of a classic one; a fine-grained one does not tell what it may. */
import { type Learnt, permissionFailed, signInFailed } from '@/lib/domains/credentials/check/findings';
import { type CheckCall, jsonOf } from '@/lib/domains/credentials/check/provider-call';

const loginPattern = /^[\w-]{1,40}(?:\[bot\])?$/;

/** The scopes that GitHub names; undefined where it names none. */
function scopesOf(answer: Response): string[] | undefined {
  const named = answer.headers.get('x-oauth-scopes');
  return named === null ? undefined : named.split(/,\s*/).filter(scope => /^[a-z][\w:]{1,60}$/.test(scope));
}

/** GitHub’s “Get the authenticated user”, which any sound token may ask. */
export async function checkGithub(token: string, { fetch, findings }: CheckCall): Promise<Learnt> {
  const headers = {
    authorization: `Bearer ${token}`,
    accept: 'application/vnd.github+json',
    'user-agent': 'Tenantry',
  };
  const answer = await fetch('https://api.github.com/user', { headers });
  if (answer.status === 401)
    throw signInFailed(
      'GitHub does not accept the token: it is wrong, expired or revoked.',
      'Generate a new token in GitHub and replace the secret.',
    );
  findings.pass('sign_in', 'GitHub accepts the token.');
  if (!answer.ok)
    throw permissionFailed(
      'GitHub refuses this token.',
      'Look whether the organization approves of the token and takes requests from here.',
    );
  const { login } = await jsonOf(answer);
  const scopes = scopesOf(answer);
  if (scopes)
    findings.pass('permission', scopes.length > 0 ? `Has ${scopes.join(', ')}.` : 'Reads public repositories.');
  else findings.pass('permission', 'GitHub does not say what it may read; connect a repository to see.', 'skipped');
  const known = typeof login === 'string' && loginPattern.test(login);
  return { ...(scopes && { scopes }), ...(known && { accountId: login }) };
}
