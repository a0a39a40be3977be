/** The billing portal: plan, card, invoices, cancelling and its undoing; by forms, in a session of an hour. */
import { hourSeconds } from '@/dev/doubles/stripe/clock';
import type { Surface } from '@/dev/doubles/stripe/control/surface';
import { StripeError } from '@/dev/doubles/stripe/errors';
import type { PortalSession } from '@/dev/doubles/stripe/events/events-state';
import { goTo, html, pageOf, sayingPage } from '@/dev/doubles/stripe/pages/pages-html';
import type { Visit } from '@/dev/doubles/stripe/pages/visit';
import { cancel, payInvoice, renew, replaceCard, type Visitor } from '@/dev/doubles/stripe/portal/portal-actions';
import { askToCancel, cardForm, homePage } from '@/dev/doubles/stripe/portal/portal-view';
import { nowSeconds } from '@/dev/doubles/stripe/state';

const pathOf = ({ url }: PortalSession) => new URL(url).pathname;

/** Where a flow of one task ends: its own address, or the portal's first page. */
function afterFlow({ session }: Visitor): string {
  const after = session.flow?.after_completion;
  if (after?.type === 'redirect' && after.redirect) return after.redirect.return_url;
  return `${pathOf(session)}/home`;
}

const notAuthenticated = 'We are unable to authenticate your payment method. Please choose a different payment method.';

/** Does what a form asks; answers the address to go to. Throws StripeError with the sentence to show. */
function act(visitor: Visitor, form: URLSearchParams): string {
  const { session } = visitor;
  const id = form.get('id') ?? '';
  switch (form.get('action')) {
    case 'card': {
      const card = form.get('card');
      if (card === 'authenticate') return `${pathOf(session)}/authenticate`;
      replaceCard(visitor, card === 'declined' ? 'declined' : 'works');
      return afterFlow(visitor);
    }
    case 'authenticate':
      if (form.get('outcome') !== 'approve') throw new StripeError(402, notAuthenticated);
      replaceCard(visitor, 'authenticated');
      return afterFlow(visitor);
    case 'cancel':
      cancel(visitor, id);
      return afterFlow(visitor);
    case 'renew':
      renew(visitor, id);
      break;
    case 'pay':
      payInvoice(visitor, id);
      break;
    default:
      throw new StripeError(400, 'Choose what to do.');
  }
  return `${pathOf(session)}/home`;
}

const bankPage = ({ session }: Visitor) =>
  pageOf({
    title: 'Your bank asks',
    body: html`<h1>Your bank asks</h1><p>Was it you who wants to pay with this card?</p>
<form method="post" action="${pathOf(session)}" class="row"><input type="hidden" name="action" value="authenticate">
<button class="main" name="outcome" value="approve">Approve</button><button name="outcome" value="fail">Fail</button></form>`,
  });

function view(visitor: Visitor, rest: string, error?: string): Response {
  const { session } = visitor;
  const at = pathOf(session);
  if (rest === 'authenticate') return bankPage(visitor);
  if (rest === 'cancel' || (rest === '' && session.flow?.type === 'subscription_cancel')) {
    return askToCancel(visitor, at, session.flow?.subscription_cancel?.subscription, error);
  }
  if (rest === 'card' || (rest === '' && session.flow?.type === 'payment_method_update')) {
    return cardForm(visitor, at, error);
  }
  return homePage(visitor, at, error);
}

function visitorOf(surface: Surface, secret: string): Visitor | undefined {
  const { state } = surface;
  const session = Object.values(state.portalSessions).find(kept => kept.url.endsWith(`/p/session/${secret}`));
  const configuration = session ? state.portalConfigurations[session.configuration] : undefined;
  if (!session || !configuration || session.created + hourSeconds <= nowSeconds()) return undefined;
  if (!state.customers[session.customer]) return undefined;
  return { surface, session, features: configuration.features };
}

/** GET and POST of /p/session/<secret> and what lies below. */
export function portalPage(surface: Surface, { id, rest, form }: Visit): Response {
  const visitor = visitorOf(surface, id);
  if (!visitor) return sayingPage('This session has ended', 'Open billing again from the product.', undefined, 410);
  if (!form) return view(visitor, rest);
  try {
    return goTo(act(visitor, form));
  } catch (error) {
    if (!(error instanceof StripeError)) throw error;
    const again = form.get('action') === 'card' || form.get('action') === 'authenticate' ? 'card' : 'home';
    return view(visitor, again, error.message);
  }
}
