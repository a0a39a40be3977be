'use server';
import { refresh } from 'next/cache';
/** The form of a person's own settings: times are kept with the person, the theme with this browser. */
import { cookies } from 'next/headers';
import { themeCookie, toTheme } from '@/app/_ui/theme';
import { text } from '@/app/(portal)/_shell/form-values';
import { updateProfile } from '@/lib/domains/team/profile';
import { memberAction } from '@/lib/edge/portal/action';
import type { FormState } from '@/lib/edge/portal/form-state';
import { env } from '@/lib/platform/env';

const oneYearSeconds = 31_536_000;

export async function updateProfileAction(_previous: FormState, data: FormData): Promise<FormState> {
  return memberAction(data, async ({ ctx }, values) => {
    const zone = text(values.time_zone).trim();
    await updateProfile(ctx, { time_display: values.time_display, time_zone: zone || null });
    const secure = env().PORTAL_URL.startsWith('https://');
    (await cookies()).set(themeCookie, toTheme(String(values.theme)), {
      path: '/',
      maxAge: oneYearSeconds,
      sameSite: 'lax',
      httpOnly: true,
      secure,
    });
    refresh();
    return { status: 'done', message: 'Saved.' };
  });
}
