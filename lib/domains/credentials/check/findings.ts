/** What a connection test finds, step by step: each provider's test tells it, and the first failed step ends it. */
import { type CheckStep, checkSteps, type StepResult } from '@/lib/domains/credentials/rules';

/** `untested`: the provider could not be asked, which says nothing about the credential. */
export const checkOutcomes = ['ok', 'rejected', 'expired', 'untested'] as const;
export type CheckOutcome = (typeof checkOutcomes)[number];

/** What a test learns of a credential that works. */
export type Learnt = { scopes?: string[]; accountId?: string; projectId?: string };

export type CheckResult = {
  outcome: CheckOutcome;
  steps: StepResult[];
  /** Of the required permissions those that are granted. */
  scopes: string[];
  account_id: string | null;
  project_id: string | null;
};

/** A step that failed, in words that hold nothing of the provider's answer or of the secret. */
export class StepFailed extends Error {
  constructor(
    readonly step: CheckStep,
    readonly outcome: Exclude<CheckOutcome, 'ok'>,
    readonly words: { message: string; todo: string },
    /** Learnt until then. */
    readonly learnt: Learnt = {},
  ) {
    super(words.message);
  }
}

/** The provider refused what it was shown. */
export const signInFailed = (message: string, todo: string): StepFailed =>
  new StepFailed('sign_in', 'rejected', { message, todo });
export const signInExpired = (message: string, todo: string): StepFailed =>
  new StepFailed('sign_in', 'expired', { message, todo });
/** The provider knows who it is and does not let it do what is needed. */
export const permissionFailed = (message: string, todo: string, learnt: Learnt = {}): StepFailed =>
  new StepFailed('permission', 'rejected', { message, todo }, learnt);

/** The steps of one test, filled in their order. */
export class Findings {
  readonly #found = new Map<CheckStep, StepResult>();

  /** Notes a step that went well, once; `skipped` where there is nothing to ask. */
  pass(step: CheckStep, message: string, outcome: 'ok' | 'skipped' = 'ok'): void {
    if (!this.#found.has(step)) this.#found.set(step, { step, outcome, message, todo: null });
  }

  /** The step that the test is at: the first one not passed. */
  get current(): CheckStep {
    return checkSteps.find(step => !this.#found.has(step)) ?? 'permission';
  }

  /** All steps where the test went through. */
  done({ scopes = [], accountId, projectId }: Learnt): CheckResult {
    const known = { scopes, account_id: accountId ?? null, project_id: projectId ?? null };
    return { outcome: 'ok', steps: this.#all(), ...known };
  }

  /** All steps where one failed; what comes after it was not tried. */
  failed({ step, outcome, words, learnt }: StepFailed): CheckResult {
    this.#found.set(step, { step, outcome: 'failed', ...words });
    const { scopes = [], accountId, projectId } = learnt;
    return { outcome, steps: this.#all(), scopes, account_id: accountId ?? null, project_id: projectId ?? null };
  }

  #all(): StepResult[] {
    const skipped = (step: CheckStep): StepResult => ({ step, outcome: 'skipped', message: 'Not tried.', todo: null });
    return checkSteps.map(step => this.#found.get(step) ?? skipped(step));
  }
}
