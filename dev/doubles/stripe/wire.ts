/** The `stripe` package's types as they travel: decimals are text in JSON, the client makes objects of them. */
import type Stripe from 'stripe';

type Decimal = NonNullable<Stripe.Price['unit_amount_decimal']>;

export type Wire<Value> = Value extends string | number | boolean | null | undefined
  ? Value
  : Value extends Decimal
    ? string
    : Value extends (infer Item)[]
      ? Wire<Item>[]
      : Value extends object
        ? { [Key in keyof Value]: Wire<Value[Key]> }
        : Value;

/** What is kept names other objects by id; `expand` puts them in when a caller asks. */
type Kept<Value, Key extends keyof Value> = Omit<Value, Key> & {
  [Name in Key]: Extract<Value[Name], string | null | undefined>;
};
export type List<Item> = { object: 'list'; data: Item[]; has_more: boolean; url: string };

export type Product = Wire<Stripe.Product>;
export type Price = Kept<Wire<Stripe.Price>, 'product'>;
export type PaymentMethod = Kept<Wire<Stripe.PaymentMethod>, 'customer'>;
export type PaymentIntent = Kept<Wire<Stripe.PaymentIntent>, 'customer' | 'payment_method'>;
export type TestClock = Omit<Wire<Stripe.TestHelpers.TestClock>, 'deleted'>;

type InvoiceSettings = Omit<Wire<Stripe.Customer.InvoiceSettings>, 'default_payment_method'> & {
  default_payment_method: string | null;
};
export type Customer = Omit<Wire<Stripe.Customer>, 'invoice_settings' | 'deleted' | 'test_clock'> & {
  invoice_settings: InvoiceSettings;
  test_clock: string | null;
};

export type SubscriptionItem = Omit<Wire<Stripe.SubscriptionItem>, 'price' | 'deleted'> & { price: Price };
type SubscriptionIds = 'customer' | 'default_payment_method' | 'latest_invoice' | 'schedule' | 'test_clock';
export type Subscription = Kept<Omit<Wire<Stripe.Subscription>, 'items' | 'pending_update'>, SubscriptionIds> & {
  items: List<SubscriptionItem>;
  pending_update:
    | (Omit<Wire<Stripe.Subscription.PendingUpdate>, 'subscription_items'> & {
        subscription_items: SubscriptionItem[] | null;
      })
    | null;
};

export type InvoiceLine = Wire<Stripe.InvoiceLineItem>;
type InvoiceIds = 'customer' | 'default_payment_method' | 'test_clock';
export type Invoice = Kept<
  Omit<Wire<Stripe.Invoice>, 'lines' | 'deleted' | 'payments' | 'confirmation_secret'>,
  InvoiceIds
> & { lines: List<InvoiceLine> };
export type InvoicePayment = Kept<Wire<Stripe.InvoicePayment>, 'invoice'>;

export type SchedulePhase = Wire<Stripe.SubscriptionSchedule.Phase>;
export type Schedule = Kept<Wire<Stripe.SubscriptionSchedule>, 'customer' | 'subscription' | 'test_clock'>;
