/** Asks before a price of the organization's own is deleted, and says which price holds then. */
import { notFound } from 'next/navigation';
import { ConfirmForm } from '@/app/_ui/confirm-dialog';
import { formatDate } from '@/app/_ui/format';
import { PageHeader } from '@/app/_ui/page-header';
import { adminsOnlyPage } from '@/app/(portal)/_shell/denied-page';
import { PortalPage } from '@/app/(portal)/_shell/portal-page';
import { pageTitle } from '@/app/(portal)/_shell/visitor';
import { pricePerMillion, pricesHref, providerWords } from '@/app/(portal)/traces/prices/_parts/price-words';
import { deletePriceAction } from '@/app/(portal)/traces/prices/actions';
import { type OwnPrice, readOwnPrice } from '@/lib/domains/traces/prices/read-own-price';
import { requireMember, visitorMay } from '@/lib/edge/portal/page';
import { type CustomerCtx, requireCustomer } from '@/lib/kernel/ctx';
import { AppError } from '@/lib/platform/errors';

export const generateMetadata = () => pageTitle('Delete price');

async function priceOr404(ctx: CustomerCtx, id: string): Promise<OwnPrice> {
  return readOwnPrice(ctx, {}, id).catch(error => {
    if (error instanceof AppError && error.code === 'not_found') notFound();
    throw error;
  });
}

const figures = ({ input_usd, output_usd }: { input_usd: number; output_usd: number }): string =>
  `${pricePerMillion(input_usd)} for input and ${pricePerMillion(output_usd)} for output`;

export default async function DeletePricePage({ params }: { params: Promise<{ id: string }> }) {
  const visitor = await requireMember();
  if (!visitorMay(visitor, 'prices:write'))
    return adminsOnlyPage(visitor, 'model_price.delete', 'delete prices of AI models');
  const ctx = requireCustomer(visitor.ctx);
  const { price, next } = await priceOr404(ctx, (await params).id);
  const { price_id, model, provider, effective_from } = price;
  return (
    <PortalPage
      visitor={visitor}
      current="traces"
      crumbs={[{ label: 'Prices', href: pricesHref }, { label: 'Delete' }]}
    >
      <PageHeader
        title={`Delete the price of ${model}?`}
        sentence={`Your own price at ${providerWords(provider)} from ${formatDate(effective_from)}: ${figures(price)}, per million tokens.`}
      />
      <ConfirmForm
        action={deletePriceAction}
        customerId={ctx.customerId}
        hidden={{ price_id }}
        confirmLabel="Delete price"
        pending="Deleting price…"
        cancelHref={pricesHref}
      >
        <p>
          {next
            ? `Then the model costs ${figures(next)}.`
            : 'Then the model has no price, and totals with its requests say “at least”.'}{' '}
          Requests that are stored keep the cost they have until they are recalculated.
        </p>
      </ConfirmForm>
    </PortalPage>
  );
}
