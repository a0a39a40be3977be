/** Onboarding, step 2: the plan; its answer opens the organization in trial. */
import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { ChoiceGroup } from '@/app/_ui/field';
import { Form } from '@/app/_ui/form';
import { SubmitButton } from '@/app/_ui/submit-button';
import { planHolds } from '@/app/(portal)/billing/_parts/plan-holds';
import { readDraft } from '@/app/onboarding/_parts/draft';
import { Step } from '@/app/onboarding/_parts/step';
import { planAction } from '@/app/onboarding/actions';
import { planNames, plans, planTitle, trialDays } from '@/lib/domains/subscriptions/rules';
import { requirePerson } from '@/lib/edge/portal/page';

export const metadata: Metadata = { title: 'Choose a plan · Tenantry' };

const options = planNames.map(name => {
  const plan = plans[name];
  return {
    value: name,
    label: `${planTitle(name)}, $${plan.priceUsdPerMonth} a month`,
    help: planHolds(plan).join(' · '),
  };
});

export default async function PlanPage() {
  const { session } = await requirePerson();
  const draft = await readDraft(session.person.userId);
  if (!draft) redirect('/onboarding');
  return (
    <Step
      session={session}
      step={2}
      title="Choose a plan"
      sentence={`${trialDays} days free, then monthly. Cancel any time. No card is needed for the trial.`}
    >
      <Form
        action={planAction}
        hidden={{ company_name: draft.companyName, request_token: draft.token }}
        labels={{ plan: 'Plan', company_name: 'Organization name' }}
      >
        <p className="wrap-anywhere">
          For <strong>{draft.companyName}</strong>
        </p>
        <ChoiceGroup
          type="radio"
          name="plan"
          label="Plan"
          options={options}
          defaultValues={[draft.plan ?? planNames[0]]}
        />
        <div className="flex flex-wrap gap-2">
          <SubmitButton pending="Opening…">Start the trial</SubmitButton>
          <SubmitButton variant="plain" name="go" value="back" pending="Going back…">
            Back
          </SubmitButton>
        </div>
      </Form>
    </Step>
  );
}
