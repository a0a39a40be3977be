/** All tools of the MCP server; the server, its tests and the guide walk this list. */
import type { McpTool } from '@/lib/edge/v1/mcp/define-tool';
import { mostUsedTools, slowestTools } from '@/lib/edge/v1/mcp/tools/agent-tools';
import { aiCost } from '@/lib/edge/v1/mcp/tools/ai-cost';
import { describeTables } from '@/lib/edge/v1/mcp/tools/describe-tables';
import { failedRuns } from '@/lib/edge/v1/mcp/tools/failed-runs';
import { queryRows } from '@/lib/edge/v1/mcp/tools/query-rows';
import { quota } from '@/lib/edge/v1/mcp/tools/quota';
import { run } from '@/lib/edge/v1/mcp/tools/run';
import { runQueryTool } from '@/lib/edge/v1/mcp/tools/run-query';
import { usage } from '@/lib/edge/v1/mcp/tools/usage';

export const mcpTools: readonly McpTool[] = [
  failedRuns,
  run,
  quota,
  usage,
  mostUsedTools,
  slowestTools,
  aiCost,
  describeTables,
  runQueryTool,
  queryRows,
];
