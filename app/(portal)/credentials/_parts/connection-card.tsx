/** What the last connection test found, step by step, and the button for another one. */
import { Card } from '@/app/_ui/card';
import { Form } from '@/app/_ui/form';
import { formatInstant } from '@/app/_ui/format';
import { Icon, type IconName } from '@/app/_ui/icon';
import { SubmitButton } from '@/app/_ui/submit-button';
import { HealthBadge } from '@/app/(portal)/credentials/_parts/credential-health';
import { stepTitles } from '@/app/(portal)/credentials/_parts/test-words';
import { testCredentialAction } from '@/app/(portal)/credentials/actions';
import type { StepResult } from '@/lib/domains/credentials/rules';
import type { CredentialView } from '@/lib/domains/credentials/view';

const looks: Record<StepResult['outcome'], { icon: IconName; word: string; tone: string }> = {
  ok: { icon: 'circle-check', word: 'Passed', tone: 'text-ok' },
  failed: { icon: 'circle-x', word: 'Failed', tone: 'text-bad' },
  skipped: { icon: 'circle-minus', word: 'Not reached', tone: 'text-muted' },
};

type Props = { credential: CredentialView; now: Date; customerId: string; mayTest: boolean };

export function ConnectionCard({ credential, now, customerId, mayTest }: Props) {
  const { last_check, last_validated_at, credential_id } = credential;
  return (
    <Card
      title="Connection"
      note={last_validated_at ? `Tested ${formatInstant(last_validated_at)}` : 'Every week all credentials are tested.'}
    >
      <HealthBadge credential={credential} now={now} />
      {last_check && last_check.length > 0 ? (
        <ol className="flex flex-col gap-3">
          {last_check.map(result => (
            <Step key={result.step} result={result} />
          ))}
        </ol>
      ) : (
        <p className="text-muted">
          It has not been tested since its secret was stored. A test reaches the provider, signs in and asks for
          permission; it takes at most 10 seconds.
        </p>
      )}
      {mayTest && (
        <Form action={testCredentialAction} customerId={customerId} hidden={{ credential_id }} className="">
          <SubmitButton variant="plain" pending="Testing…">
            Test connection
          </SubmitButton>
        </Form>
      )}
    </Card>
  );
}

function Step({ result: { step, outcome, message, todo } }: { result: StepResult }) {
  const { icon, word, tone } = looks[outcome];
  return (
    <li className="flex items-start gap-2">
      <Icon name={icon} label={word} className={`mt-0.5 ${tone}`} />
      <div className="min-w-0 wrap-anywhere">
        <p>
          <span className="font-medium">{stepTitles[step]}:</span> {message}
        </p>
        {todo && <p className="text-muted">{todo}</p>}
      </div>
    </li>
  );
}
