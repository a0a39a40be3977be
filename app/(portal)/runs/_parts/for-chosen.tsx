/** What can be done with the chosen runs of the list. Each question has a page of its own, so that it works without a script. */

/** Id of the form that takes the checkboxes of the list. */
export const chosenFormId = 'chosen-runs';

export const ForChosen = () => (
  <form id={chosenFormId} method="get" action="/runs/again" className="flex flex-wrap items-center gap-2">
    <span className="text-table text-muted">With the chosen runs (at most 50):</span>
    <button type="submit" className="btn btn-plain">
      Run again…
    </button>
    <button type="submit" formAction="/runs/cancel" className="btn btn-plain">
      Cancel…
    </button>
  </form>
);
