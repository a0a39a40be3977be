/** What the mirror has cost this month, by account, as the relay knows it; Postgres keeps it (mirror_spend). */
import { budgetsUsd, creditOf, type MirrorLimits } from '@/lib/warehouse/mirror/schedule/flush-policy';

/** The account of the tables of the dataset `customers`; every other account is a customer's id. */
export const sharedAccount = '';

export type Spent = {
  /** Dollars of this UTC month by account; accounts that spent nothing need not be named. */
  usdByAccount: Map<string, number>;
  /** Customers whose tables were written in the last days. */
  activeTenants: number;
};

const utcMonthNumber = (at: number) => new Date(at).getUTCFullYear() * 12 + new Date(at).getUTCMonth();

export class Accounts {
  #spent: Spent = { usdByAccount: new Map(), activeTenants: 0 };
  #month = 0;
  #budgets: { tenant: number; shared: number };

  constructor(private readonly limits: MirrorLimits) {
    this.#budgets = budgetsUsd(limits, 0);
  }

  /** Takes over what Postgres says, in the place of all that was known. */
  refresh(spent: Spent, now: number): void {
    this.#spent = spent;
    this.#month = utcMonthNumber(now);
    this.#budgets = budgetsUsd(this.limits, spent.activeTenants);
  }

  /** An account's dollars of this month, after a MERGE was charged to it. */
  charged(account: string, usd: number): void {
    this.#spent.usdByAccount.set(account, usd);
  }

  budgetUsd(account: string): number {
    return account === sharedAccount ? this.#budgets.shared : this.#budgets.tenant;
  }

  credit(account: string, now: number): number {
    // Until the first refresh of a month all accounts are new.
    const spentUsd = utcMonthNumber(now) === this.#month ? (this.#spent.usdByAccount.get(account) ?? 0) : 0;
    return creditOf({ budgetUsd: this.budgetUsd(account), spentUsd }, now);
  }
}
