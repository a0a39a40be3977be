/** Values of samples that are not known while they are written: each language makes them in its own way. */

export type MadeKind = 'variable' | 'uuid' | 'day' | 'instant';

/** A value that the reader's shell or program makes. */
export class Made {
  constructor(
    readonly kind: MadeKind,
    /** Of the variable of the environment. */
    readonly name = '',
  ) {}
}

/** The value of an environment variable, such as a key. */
export const variable = (name: string): Made => new Made('variable', name);
export const newUuid = new Made('uuid');
/** Today in UTC, `2026-01-31`. */
export const today = new Made('day');
/** This moment in UTC, `2026-01-31T12:00:00Z`. */
export const now = new Made('instant');

export type SampleValue =
  | string
  | number
  | boolean
  | null
  | Made
  | readonly SampleValue[]
  | { readonly [name: string]: SampleValue };

/** Whose key a call is made with. */
export type Auth = 'key' | 'service' | 'write_key' | 'none';

export const keyVariable = { key: 'TENANTRY_KEY', service: 'TENANTRY_SERVICE_KEY', write_key: 'WRITE_KEY' } as const;

export type SampleRequest = {
  method: string;
  /** Without a path, as `https://data.example.com`. */
  address: string;
  /** Texts and made values after one another: `['/v1/runs/', variable('RUN_ID')]`. */
  path: readonly (string | Made)[];
  auth: Auth;
  headers?: Readonly<Record<string, string | Made>>;
  body?: SampleValue;
};
