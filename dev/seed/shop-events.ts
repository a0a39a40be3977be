/** Believable calls of a small shop's visitors, as its pages would send them; pure, so that it can be tested and repeated. */
import type { Random } from '@/dev/seed/random';
import { scanBody } from '@/lib/domains/events/collect/body-scan';
import { parseBody, type SentBody } from '@/lib/domains/events/collect/check-body';

const [secondMs, minuteMs, hourMs, dayMs] = [1_000, 60_000, 3_600_000, 86_400_000];

export type ShopOptions = {
  random: Random;
  now: Date;
  /** Days of history before today. */
  days: number;
  sessionsPerDay: number;
  /** Host of the shop's pages. */
  host: string;
  /** Until so many days ago orders are counted by number, from then on named by text; null = never. */
  orderNamesSinceDays: number | null;
  /** A release that sent its whole state with each step; null = none. */
  badReleaseDaysAgo: number | null;
};

/** One request of a page, as the door takes it. */
export type ShopRequest = {
  receivedAt: Date;
  ip: string;
  userAgent: string;
  body: { batch: object[]; sentAt: string };
};

/** The request's body as the door reads it from the wire. */
export function sentBody({ body }: ShopRequest): SentBody {
  const text = JSON.stringify(body);
  const bytes = Buffer.from(text);
  return parseBody('batch', text, bytes, scanBody(bytes));
}

const products = [
  { product_id: 'p-101', name: 'Linen shirt', category: 'Shirts', price: 49.9 },
  { product_id: 'p-102', name: 'Oxford shirt', category: 'Shirts', price: 59 },
  { product_id: 'p-201', name: 'Wool scarf', category: 'Accessories', price: 35 },
  { product_id: 'p-202', name: 'Leather belt', category: 'Accessories', price: 42.5 },
  { product_id: 'p-301', name: 'Canvas sneakers', category: 'Shoes', price: 79 },
  { product_id: 'p-302', name: 'Trail runners', category: 'Shoes', price: 129.95 },
] as const;
const firstNames = [
  'Amara',
  'Ben',
  'Chen',
  'Dilek',
  'Elena',
  'Farid',
  'Grace',
  'Hugo',
  'Ines',
  'Jonas',
  'Kira',
  'Liam',
];
const companies = ['Harbour Hotels', 'Pine Offices', 'Studio Nord'];
const agents = [
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Safari/605.1.15',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1',
];
const campaigns = [
  null,
  null,
  { name: 'autumn', source: 'newsletter', medium: 'email' },
  { name: 'brand', source: 'search', medium: 'cpc' },
];
const people = 40;

/** A visit: who it is, and its calls so far. */
class Visit {
  readonly calls: object[] = [];
  readonly #anonymousId: string;
  #userId: string | null = null;
  #clockMs: number;

  constructor(
    readonly options: ShopOptions,
    startMs: number,
    readonly userAgent: string,
  ) {
    this.#anonymousId = options.random.uuid();
    this.#clockMs = startMs;
  }

  get endMs(): number {
    return this.#clockMs;
  }

  /** Adds a call some seconds after the one before. */
  send(type: string, fields: object, context: object = {}): void {
    const { random } = this.options;
    this.#clockMs += random.between(3, 25) * secondMs;
    this.calls.push({
      type,
      messageId: `ajs-next-${random.uuid()}`,
      anonymousId: this.#anonymousId,
      userId: this.#userId,
      originalTimestamp: new Date(this.#clockMs).toISOString(),
      ...fields,
      context: {
        library: { name: 'analytics.js', version: 'npm:next-1.81.0' },
        locale: 'en-GB',
        timezone: 'Europe/Berlin',
        userAgent: this.userAgent,
        ...context,
      },
      integrations: {},
    });
  }

  page(name: string, path: string, campaign: object | null = null): void {
    const page = { path, url: `https://${this.options.host}${path}`, title: name, referrer: '', search: '' };
    this.send('page', { name, properties: page }, { page, ...(campaign ? { campaign } : {}) });
  }

  track(event: string, properties: object): void {
    this.send('track', { event, properties });
  }

  signIn(person: number): void {
    const name = firstNames[person % firstNames.length] as string;
    this.#userId = `u-${1_000 + person}`;
    const traits = {
      name,
      email: `${name.toLowerCase()}.${person}@example.net`,
      loyalty: { tier: person % 5 === 0 ? 'gold' : 'blue', points: person * 7 },
    };
    this.send('identify', { traits });
    const company = companies[person % 9];
    if (company) this.send('group', { groupId: `c-${person % 9}`, traits: { name: company, employees: 20 + person } });
  }
}

const daysAgo = ({ now }: ShopOptions, ms: number): number => (now.getTime() - ms) / dayMs;

/** A name is a text where it was a number before, as after a change of the shop's software. */
const orderId = (options: ShopOptions, atMs: number): number | string => {
  const number = 10_000 + Math.round((30 - daysAgo(options, atMs)) * 137) + options.random.between(0, 99);
  const { orderNamesSinceDays: since } = options;
  return since === null || daysAgo(options, atMs) > since
    ? number
    : `${options.host.slice(0, 2).toUpperCase()}-${number}`;
};

function buy(visit: Visit, total: number): void {
  const { random } = visit.options;
  visit.page('Checkout', '/checkout');
  visit.track('Checkout Started', { value: total, currency: 'EUR' });
  if (random.chance(0.3)) return;
  visit.track('Order Completed', {
    order_id: orderId(visit.options, visit.endMs),
    total,
    currency: 'EUR',
    coupon: random.chance(0.2) ? 'AUTUMN10' : null,
    shipping: { method: random.pick(['standard', 'express']), cost: random.pick([0, 4.9]) },
    products: [{ product_id: 'p-101', quantity: random.between(1, 3) }],
  });
}

function makeVisit(options: ShopOptions, startMs: number): Visit {
  const { random } = options;
  const visit = new Visit(options, startMs, random.pick(agents));
  visit.page('Home', '/', random.pick(campaigns));
  if (random.chance(0.45)) visit.signIn(random.between(0, people - 1));
  let total = 0;
  for (let looks = random.between(1, 3); looks > 0; looks--) {
    const product = random.pick(products);
    visit.page('Product', `/products/${product.product_id}`);
    visit.track('Product Viewed', product);
    if (!random.chance(0.4)) continue;
    const quantity = random.between(1, 2);
    visit.track('Product Added', { ...product, quantity });
    total += product.price * quantity;
  }
  if (random.chance(0.2)) visit.track('Products Searched', { query: random.pick(['shirt', 'red scarf', 'size 42']) });
  if (total > 0 && random.chance(0.7)) buy(visit, Math.round(total * 100) / 100);
  return visit;
}

/** More properties than a table takes in an hour: what is beyond is discarded until somebody allows it. */
const wholeState = {
  ...Object.fromEntries(Array.from({ length: 510 }, (_, at) => [`state_${at}`, at])),
  step: 'payment',
};

function requestOf(visit: Visit): ShopRequest {
  const { random } = visit.options;
  const receivedAt = new Date(visit.endMs + random.between(200, 2_500));
  const sentAt = new Date(receivedAt.getTime() - random.between(40, 190)).toISOString();
  return {
    receivedAt,
    ip: `203.0.113.${random.between(1, 254)}`,
    userAgent: visit.userAgent,
    body: { batch: visit.calls, sentAt },
  };
}

/** The requests of all visits in the order of receipt, up to a minute before `now`. */
export function shopRequests(options: ShopOptions): ShopRequest[] {
  const { random, now, days, sessionsPerDay } = options;
  const requests: ShopRequest[] = [];
  const today = Math.floor(now.getTime() / dayMs) * dayMs;
  for (let day = days; day >= 0; day--) {
    const opensMs = today - day * dayMs;
    const weekend = [0, 6].includes(new Date(opensMs).getUTCDay());
    const visits = Math.round(sessionsPerDay * (weekend ? 0.6 : 1) * (1.2 - day / (3 * days)) + random.between(-1, 2));
    for (let at = 0; at < visits; at++) {
      const visit = makeVisit(options, opensMs + 6 * hourMs + random.between(0, 17 * hourMs));
      if (options.badReleaseDaysAgo === day && at < 2) visit.track('Debug State', wholeState);
      // A page with a mistake in its own code: the door refuses this call alone.
      if (day < 3 && at === 1) visit.send('track', { properties: { button: 'Subscribe' } });
      if (visit.endMs < now.getTime() - minuteMs) requests.push(requestOf(visit));
    }
  }
  requests.sort((a, b) => a.receivedAt.getTime() - b.receivedAt.getTime());
  // A page that heard no answer sends again; its calls count once.
  const again = requests.at(-1);
  return again ? [...requests, { ...again, receivedAt: new Date(again.receivedAt.getTime() + 9_000) }] : requests;
}
