'use server';
/** The forms of what queries may bill: the same commands as the JSON routes. */
import { text, withFieldNames } from '@/app/(portal)/_shell/form-values';
import { bytesIn, limitsHref, withSizes } from '@/app/(portal)/desk/_parts/desk-words';
import { setKeyCap } from '@/lib/domains/desk/caps/key-caps';
import { setDeskSettings } from '@/lib/domains/desk/caps/set-caps';
import { memberAction } from '@/lib/edge/portal/action';
import type { FormState } from '@/lib/edge/portal/form-state';
import { land } from '@/lib/edge/portal/landing';

/** What fields say of bytes, in the units that they are written in. */
const inSizes = (state: FormState): FormState =>
  state.status !== 'error'
    ? state
    : {
        ...state,
        message: withSizes(state.message),
        fieldErrors: Object.fromEntries(
          Object.entries(state.fieldErrors).map(([name, said]) => [name, withSizes(said)]),
        ),
      };

export async function setCapsAction(_: FormState, data: FormData): Promise<FormState> {
  const state = await memberAction(data, async ({ ctx }, values) => {
    await setDeskSettings(ctx, {
      max_bytes_per_query: bytesIn(text(values.max_bytes_per_query)),
      bytes_per_day: bytesIn(text(values.bytes_per_day)),
    });
    return land(`${limitsHref}?done=set`);
  });
  return inSizes(state);
}

export async function setKeyCapAction(_: FormState, data: FormData): Promise<FormState> {
  const state = await memberAction(data, async ({ ctx }, values) => {
    const asked = { api_key_id: text(values.api_key_id), max_bytes_per_query: bytesIn(text(values.key_cap)) };
    await withFieldNames(() => setKeyCap(ctx, asked), { renamed: { max_bytes_per_query: 'key_cap' } });
    return land(`${limitsHref}?done=key`);
  });
  return inSizes(state);
}
