/** 403 for admins who open a page about an owner. */
import type { ReactNode } from 'react';
import { deniedPage } from '@/app/(portal)/_shell/denied-page';
import type { Visitor } from '@/lib/edge/portal/page';

/** The page that says so; `action` is what was tried. */
export const ownersOnlyPage = (visitor: Visitor, action: string): Promise<ReactNode> =>
  deniedPage(visitor, action, 'Only owners can change, remove or make owners.');
