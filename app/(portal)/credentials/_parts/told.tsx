/** What was just done with a credential, told from the credential as it is. */
import type { ReactNode } from 'react';
import { formatInstant } from '@/app/_ui/format';
import { Notice } from '@/app/_ui/notice';
import type { Tone } from '@/app/_ui/status';
import type { CredentialHealth } from '@/lib/domains/credentials/rules';
import type { CredentialView } from '@/lib/domains/credentials/view';

type Said = { tone: Tone; text: ReactNode };

/** How the last test came out, as the end of a sentence about what was done before it. */
const testEnd: Partial<Record<CredentialHealth, Said>> = {
  HEALTHY: { tone: 'ok', text: 'The connection test passed.' },
  EXPIRES_SOON: { tone: 'ok', text: 'The connection test passed.' },
  FAILING: { tone: 'warn', text: 'The connection test failed; what to do stands below.' },
  EXPIRED: { tone: 'warn', text: 'The provider says that it has expired.' },
};

const untested: Said = { tone: 'info', text: 'It has not been tested: Connection says what it needs.' };

function saidOf(done: string, credential: CredentialView): Said | null {
  const end = testEnd[credential.health] ?? untested;
  switch (done) {
    case 'stored':
      return { tone: end.tone, text: <>The credential is stored. {end.text}</> };
    case 'replaced':
      return { tone: end.tone, text: <>The secret was replaced; the old one is gone. {end.text}</> };
    case 'rotated':
      return {
        tone: end.tone,
        text: (
          <>
            The new secret is stored.{' '}
            {credential.previous_until &&
              `The old one can be fetched until ${formatInstant(credential.previous_until)}. `}
            {end.text}
          </>
        ),
      };
    case 'tested':
      return end === untested
        ? { tone: 'warn', text: 'It could not be tested now; how far it came stands below.' }
        : end;
    case 'saved':
      return { tone: 'ok', text: 'The changes are saved.' };
    case 'ended':
      return credential.previous_until ? null : { tone: 'ok', text: 'The overlap is over: the old secret is wiped.' };
    default:
      return null;
  }
}

export function Told({ done, credential }: { done: string | undefined; credential: CredentialView }) {
  const said = done ? saidOf(done, credential) : null;
  return (
    said && (
      <Notice tone={said.tone} closable>
        {said.text}
      </Notice>
    )
  );
}
