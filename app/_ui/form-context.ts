'use client';
/** What a form tells its fields: their errors and the values to keep. */
import { createContext, use } from 'react';
import { type FormState, idle } from '@/lib/edge/portal/form-state';

export const FormContext = createContext<{ state: FormState; formId: string }>({ state: idle, formId: '' });

/** Error, kept values and element id of one field of the surrounding form. */
export function useField(name: string) {
  const { state, formId } = use(FormContext);
  const failed = state.status === 'error' ? state : undefined;
  const kept = failed?.values[name];
  return {
    id: fieldId(formId, name),
    error: failed?.fieldErrors[name],
    /** undefined until a submission failed; afterwards the submitted values, none for an unticked group. */
    kept: failed && (kept === undefined ? [] : Array.isArray(kept) ? kept : [kept]),
  };
}

export const fieldId = (formId: string, name: string): string => `${formId}-${name}`;
