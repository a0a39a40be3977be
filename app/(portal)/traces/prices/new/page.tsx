/** Adds a price of the organization's own. */

import { LinkButton } from '@/app/_ui/button';
import { TextField } from '@/app/_ui/field';
import { Form } from '@/app/_ui/form';
import { formatCount } from '@/app/_ui/format';
import { listParams } from '@/app/_ui/list-params';
import { PageHeader } from '@/app/_ui/page-header';
import { SideCard, WithSide } from '@/app/_ui/side-column';
import { SubmitButton } from '@/app/_ui/submit-button';
import { adminsOnlyPage } from '@/app/(portal)/_shell/denied-page';
import { PortalPage } from '@/app/(portal)/_shell/portal-page';
import { RecentChanges } from '@/app/(portal)/_shell/recent-changes';
import type { Search } from '@/app/(portal)/_shell/search-filter';
import { pageTitle } from '@/app/(portal)/_shell/visitor';
import { whoCan } from '@/app/(portal)/_shell/who-can';
import { pricesHref } from '@/app/(portal)/traces/prices/_parts/price-words';
import { setPriceAction } from '@/app/(portal)/traces/prices/actions';
import { maxOwnPrices } from '@/lib/domains/traces/prices/own-prices';
import { requireMember, visitorMay } from '@/lib/edge/portal/page';
import { utcDay } from '@/lib/platform/clock';

export const generateMetadata = () => pageTitle('Add price');

const labels = {
  provider: 'Provider',
  model: 'Model',
  effective_from: 'From (UTC)',
  input_usd: 'Input',
  output_usd: 'Output',
  cache_read_usd: 'Cache read',
  cache_write_usd: 'Cache write',
  cache_write_1h_usd: 'Cache write for an hour',
  reasoning_usd: 'Reasoning',
};

const kinds = [
  { name: 'input_usd', help: 'Dollars per million tokens.', required: true },
  { name: 'output_usd', help: 'Dollars per million tokens.', required: true },
  { name: 'cache_read_usd', help: 'Empty: as input.', required: false },
  { name: 'cache_write_usd', help: 'Empty: 1.25 times the input.', required: false },
  { name: 'cache_write_1h_usd', help: 'Empty: 2 times the input.', required: false },
  { name: 'reasoning_usd', help: 'Empty: as output.', required: false },
] as const;

export default async function NewPricePage({ searchParams }: { searchParams: Search }) {
  const visitor = await requireMember();
  if (!visitorMay(visitor, 'prices:write'))
    return adminsOnlyPage(visitor, 'model_price.set', 'set prices of AI models');
  const { provider, model } = listParams(await searchParams);
  return (
    <PortalPage visitor={visitor} current="traces" crumbs={[{ label: 'Prices', href: pricesHref }, { label: 'Add' }]}>
      <PageHeader
        title="Add price"
        sentence="What your organization pays for a model. It goes before the list price from its day on; another price of the same model and day is replaced."
      />
      <WithSide
        side={
          <>
            <SideCard
              title="Prices"
              lines={[
                whoCan('prices:write', 'set prices of your own'),
                'A price holds from the start of its day (UTC) until another of the same model begins.',
                'Requests that are stored keep their cost until you recalculate a range of days.',
                'What is left open is billed as the provider does: cache reads as input, reasoning as output.',
                `Up to ${formatCount(maxOwnPrices)} prices of your own.`,
              ]}
            />
            <RecentChanges visitor={visitor} target="model_price" />
          </>
        }
      >
        <Form action={setPriceAction} customerId={visitor.membership.customerId} labels={labels}>
          <TextField
            name="model"
            label={labels.model}
            help="As requests name it, such as claude-sonnet-4-5. Without a day at its end it holds for all days of that model."
            defaultValue={model}
            maxLength={256}
            required
            autoComplete="off"
            spellCheck={false}
          />
          <TextField
            name="provider"
            label={labels.provider}
            optional
            help="Such as anthropic or bedrock. Empty: whoever sold it."
            defaultValue={provider}
            maxLength={64}
            autoComplete="off"
            spellCheck={false}
          />
          <TextField
            name="effective_from"
            label={labels.effective_from}
            type="date"
            required
            defaultValue={utcDay(visitor.ctx.clock())}
          />
          {kinds.map(({ name, help, required }) => (
            <TextField
              key={name}
              name={name}
              label={labels[name]}
              help={help}
              optional={!required}
              required={required}
              inputMode="decimal"
              autoComplete="off"
            />
          ))}
          <div className="flex flex-wrap gap-2">
            <SubmitButton pending="Saving price…">Save price</SubmitButton>
            <LinkButton variant="quiet" href={pricesHref}>
              Cancel
            </LinkButton>
          </div>
        </Form>
      </WithSide>
    </PortalPage>
  );
}
