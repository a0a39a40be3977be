/** The size of pages that was chosen last in this browser; undefined before any was. */
import { cookies } from 'next/headers';
import { type PageSize, pageSizeCookie, toPageSize } from '@/app/_ui/page-sizes';

export const rememberedSize = async (): Promise<PageSize | undefined> =>
  toPageSize((await cookies()).get(pageSizeCookie)?.value);
