/** How to send the first event, in the language the address names. */
import { Card } from '@/app/_ui/card';
import { CodeBox } from '@/app/_ui/code-box';
import { Tabs } from '@/app/_ui/tabs';
import { sourceHref } from '@/app/(portal)/sources/_parts/source-page';
import { type Sdk, sdkNames, sdkTitle, snippetOf, type Where } from '@/app/(portal)/sources/[id]/_parts/snippets';

type Props = { sourceId: string; sdk: Sdk; where: Where };

export function SnippetCard({ sourceId, sdk, where }: Props) {
  const { title, install, code } = snippetOf(sdk, where);
  return (
    <Card title="Send events">
      <p className="text-muted">
        Segment’s SDKs work as they are: give them this write key and address. A write key may stand in a web page: it
        sends events and reads nothing.
      </p>
      <div>
        <Tabs
          label="Language"
          items={sdkNames.map(name => ({
            href: `${sourceHref(sourceId)}?sdk=${name}`,
            label: sdkTitle(name),
            current: name === sdk,
          }))}
        />
        <div className="flex flex-col gap-3">
          {install && <CodeBox label={`${title} install command`} code={install} />}
          <CodeBox label={`${title} snippet`} code={code} />
        </div>
      </div>
    </Card>
  );
}
