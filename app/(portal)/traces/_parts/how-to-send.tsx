/** Stands in the place of AI usage before its first trace: how to send one. */
import { LinkButton } from '@/app/_ui/button';
import { Card } from '@/app/_ui/card';
import { CodeBox } from '@/app/_ui/code-box';
import { EmptyState } from '@/app/_ui/states';
import { sendSnippets } from '@/app/(portal)/traces/_parts/send-snippets';
import { sendingKey } from '@/app/(portal)/traces/_parts/sending-key';
import { type Visitor, visitorMay } from '@/lib/edge/portal/page';
import { dataPlaneUrl } from '@/lib/platform/env';

export async function HowToSend({ visitor }: { visitor: Visitor }) {
  const key = await sendingKey(visitor.ctx);
  const { customerId } = visitor.membership;
  const where = { address: dataPlaneUrl(), keyStart: key?.start ?? null, customerId };
  const mayMake = visitorMay(visitor, 'keys:write');
  return (
    <div className="flex flex-col gap-4">
      <EmptyState
        icon="sparkles"
        title="No AI usage yet."
        action={
          mayMake && (
            <LinkButton variant="primary" icon="plus" href="/keys/new">
              Create key
            </LinkButton>
          )
        }
      >
        {key
          ? `Send traces of requests to AI models with the key ${key.name}, or with any other of the scope traces:write.`
          : 'Send traces of requests to AI models with an API key of the scope traces:write.'}
      </EmptyState>
      {sendSnippets(where).map(({ title, says, code }) => (
        <Card key={title} title={title}>
          <p className="max-w-prose text-muted">{says}</p>
          <CodeBox label={`${title} snippet`} code={code} />
        </Card>
      ))}
    </div>
  );
}
