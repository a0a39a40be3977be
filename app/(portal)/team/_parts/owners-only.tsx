/** 403 for admins who open a page about an owner. */
import { ForbiddenPage } from '@/app/_ui/error-page';

export const OwnersOnly = () => <ForbiddenPage sentence="Only owners can change, remove or make owners." />;
