/** What is asked of the erasure of users. */
import { z } from 'zod';
import { agentSizes } from '@/lib/domains/agent-log/rules';
import { storableText } from '@/lib/kernel/storable';

/** The user as events name them. */
export const eraseUserInput = z.strictObject({ user_id: storableText(agentSizes.idSigns) });
