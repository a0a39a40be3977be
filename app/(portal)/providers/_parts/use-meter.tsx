/** How many of the plan's providers are on, and what to do where all of them are. */
import { LinkButton } from '@/app/_ui/button';
import { Meter } from '@/app/_ui/meter';
import { Notice } from '@/app/_ui/notice';
import { sectionHref } from '@/app/(portal)/_shell/sections';
import type { ProviderUse } from '@/lib/domains/providers/limit';
import { providersFull } from '@/lib/domains/providers/rules';

export function UseMeter({ use, mayChangePlan }: { use: ProviderUse; mayChangePlan: boolean }) {
  const billing = mayChangePlan ? sectionHref('billing') : undefined;
  return (
    <>
      <div className="max-w-sm">
        <Meter label="Providers that are on" kind="hold" used={use.active} limit={use.limit} />
      </div>
      {use.active >= use.limit && (
        <Notice tone="warn" action={billing && <LinkButton href={billing}>Change plan</LinkButton>}>
          {providersFull(use)}
        </Notice>
      )}
    </>
  );
}
