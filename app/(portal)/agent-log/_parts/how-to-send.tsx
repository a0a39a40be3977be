/** Stands in the place of the agent log before its first event: how to send one. */
import { LinkButton } from '@/app/_ui/button';
import { Card } from '@/app/_ui/card';
import { CodeBox } from '@/app/_ui/code-box';
import { EmptyState } from '@/app/_ui/states';
import { sendSnippets } from '@/app/(portal)/agent-log/_parts/send-snippets';
import { listKeys } from '@/lib/domains/keys/queries';
import { type Visitor, visitorMay } from '@/lib/edge/portal/page';
import { dataPlaneUrl } from '@/lib/platform/env';

/** The newest active key with the scope; undefined where there is none, or keys cannot be read now. */
async function sendingKey({ ctx }: Visitor) {
  const { keys } = await listKeys(ctx, { status: 'active', limit: 50 }).catch(() => ({ keys: [] }));
  return keys.find(({ scopes }) => scopes.includes('agent-log:write'));
}

export async function HowToSend({ visitor }: { visitor: Visitor }) {
  const key = await sendingKey(visitor);
  return (
    <div className="flex flex-col gap-4">
      <EmptyState
        icon="bot"
        title="No events of agents yet."
        action={
          visitorMay(visitor, 'keys:write') && (
            <LinkButton variant="primary" icon="plus" href="/keys/new">
              Create key
            </LinkButton>
          )
        }
      >
        {key
          ? `Send what your agents say and run with the key ${key.name}, or with any other of the scope agent-log:write.`
          : 'Send what your agents say and run with an API key of the scope agent-log:write.'}
      </EmptyState>
      {sendSnippets({ address: dataPlaneUrl(), keyStart: key?.key_prefix ?? null }).map(({ title, says, code }) => (
        <Card key={title} title={title}>
          <p className="max-w-prose text-muted">{says}</p>
          <CodeBox label={`${title} snippet`} code={code} />
        </Card>
      ))}
    </div>
  );
}
