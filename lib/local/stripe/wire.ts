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

export type Product = Wire<Stripe.Product>;
export type Price = Wire<Stripe.Price>;
export type Customer = Wire<Stripe.Customer>;
export type Subscription = Wire<Stripe.Subscription>;
export type SubscriptionItem = Wire<Stripe.SubscriptionItem>;
export type List<Item> = { object: 'list'; data: Item[]; has_more: boolean; url: string };
