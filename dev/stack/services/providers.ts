/** Settings that lead connection tests to the double of the providers, and the operator's own identity there. */

/** Known to everybody: it opens nothing but the local double. */
const operator = {
  id: 'AKIALOCALOPERATOR000',
  secret: 'localoperatorlocaloperatorlocaloperator0',
  home: '000000000000',
};

/** The settings of our processes, by the double's address. */
export const providerSettings = (url: string): Record<string, string> => ({
  GCP_BASE_URL: `${url}/gcp`,
  AWS_STS_URL: `${url}/aws`,
  AZURE_LOGIN_URL: `${url}/azure-login`,
  AZURE_MANAGEMENT_URL: `${url}/azure-management`,
  OPENAI_BASE_URL: `${url}/openai`,
  SLACK_WEBHOOK_BASE_URL: `${url}/slack`,
  ANTHROPIC_BASE_URL: `${url}/anthropic`,
  AWS_PRINCIPAL_ARN: `arn:aws:iam::${operator.home}:user/tenantry`,
  AWS_ACCESS_KEY_ID: operator.id,
  AWS_SECRET_ACCESS_KEY: operator.secret,
});

/** Makes the operator's access key known to the double, which takes customers' roles with it. */
export async function registerOperator(url: string): Promise<void> {
  const body = JSON.stringify({ provider: 'aws', ...operator });
  const answer = await fetch(`${url}/control/credentials`, { method: 'POST', body });
  if (!answer.ok) throw new Error(`the double of the providers answered ${answer.status}: ${await answer.text()}`);
}
