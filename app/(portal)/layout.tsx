/** Every page of a member lies in the frame. Each page asks for its visitor itself as well: a layout does not run anew with each of them. */
import type { ReactNode } from 'react';
import { PortalFrame } from '@/app/(portal)/_shell/portal-frame';
import { requireMember } from '@/lib/edge/portal/page';

export default async function PortalLayout({ children }: { children: ReactNode }) {
  return <PortalFrame visitor={await requireMember()}>{children}</PortalFrame>;
}
