/** What a server action answers and a form shows; plain data, so that client components may import the type. */
export type FormState =
  | { status: 'idle' }
  | { status: 'error'; message: string; fieldErrors: Record<string, string>; values: Record<string, string | string[]> }
  | { status: 'done'; message?: string; secret?: SecretShown };

/** A secret in the answer of the action that made it; shown once, never stored. */
export type SecretShown = {
  /** Id of what it belongs to, for links. */
  id: string;
  name: string;
  value: string;
  /** Name of the environment variable that the page suggests. */
  environmentVariable: string;
};

export const idle: FormState = { status: 'idle' };
