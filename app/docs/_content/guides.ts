/** The guides in the order of the side bar. */
import { agentLog } from '@/app/docs/_content/guides/agent-log';
import { aiUsage } from '@/app/docs/_content/guides/ai-usage';
import { airflow } from '@/app/docs/_content/guides/airflow';
import { authentication } from '@/app/docs/_content/guides/authentication';
import { billing } from '@/app/docs/_content/guides/billing';
import { concepts } from '@/app/docs/_content/guides/concepts';
import { dagster } from '@/app/docs/_content/guides/dagster';
import { dataQuality } from '@/app/docs/_content/guides/data-quality';
import { dbt } from '@/app/docs/_content/guides/dbt';
import { desk } from '@/app/docs/_content/guides/desk';
import { errors } from '@/app/docs/_content/guides/errors';
import { events } from '@/app/docs/_content/guides/events';
import { greatExpectations } from '@/app/docs/_content/guides/great-expectations';
import { help } from '@/app/docs/_content/guides/help';
import { keys } from '@/app/docs/_content/guides/keys';
import { mcp } from '@/app/docs/_content/guides/mcp';
import { notifications } from '@/app/docs/_content/guides/notifications';
import { openLineage } from '@/app/docs/_content/guides/openlineage';
import { providers } from '@/app/docs/_content/guides/providers';
import { pullRequests } from '@/app/docs/_content/guides/pull-requests';
import { pythonWorkers } from '@/app/docs/_content/guides/python';
import { quickstart } from '@/app/docs/_content/guides/quickstart';
import { runs } from '@/app/docs/_content/guides/runs';
import { team } from '@/app/docs/_content/guides/team';
import type { PageGroup } from '@/app/docs/_content/types';

export const guideGroups: readonly PageGroup[] = [
  { title: 'Start', pages: [quickstart, concepts, authentication, errors] },
  { title: 'Pipelines', pages: [keys, runs, dataQuality, providers] },
  { title: 'Orchestrators', pages: [openLineage, dbt, airflow, dagster, greatExpectations, pythonWorkers] },
  { title: 'Data and AI', pages: [events, aiUsage, pullRequests, agentLog, desk, mcp] },
  { title: 'Organization', pages: [team, billing, notifications, help] },
];
