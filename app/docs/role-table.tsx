/** What members may do: the permission table that commands and pages ask, as a matrix of permission and role. */
import { Icon } from '@/app/_ui/icon';
import { ScrollBox } from '@/app/docs/scroll-box';
import { roleWords } from '@/lib/domains/team/rules';
import { type Permission, permissions, roleDescriptions, roleHas, roles } from '@/lib/kernel/permissions';

/** Permissions that a role can have; the others are the operator's. */
const granted = (Object.keys(permissions) as Permission[]).filter(name => permissions[name].roles.length > 0);

export function Roles() {
  return (
    <section className="flex min-w-0 flex-col gap-2" aria-labelledby="roles">
      <h2 id="roles">Roles</h2>
      <p className="max-w-prose">
        A member of an organization has one role, read with every request: less power and a removal hold at once, for
        more power the person signs in again.
      </p>
      <dl className="grid gap-x-6 gap-y-1 sm:grid-cols-[max-content_1fr]">
        {roles.map(role => (
          <div key={role} className="contents">
            <dt className="font-medium">{roleWords[role]}</dt>
            <dd>{roleDescriptions[role]}</dd>
          </div>
        ))}
      </dl>
      <ScrollBox label="What each role may do">
        <table className="table">
          <caption className="sr-only">What each role may do</caption>
          <thead>
            <tr>
              <th scope="col">Permission</th>
              <th scope="col">Allows to</th>
              {roles.map(role => (
                <th key={role} scope="col">
                  {roleWords[role]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {granted.map(name => (
              <tr key={name}>
                <th scope="row">
                  <code>{name}</code>
                </th>
                <td>{permissions[name].description}</td>
                {roles.map(role => (
                  <td key={role}>{roleHas(role, name) ? <Icon name="check" label="Yes" /> : <No />}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollBox>
    </section>
  );
}

/** An image by role, because hidden text would reach out of the box that scrolls. */
const No = () => (
  <span role="img" aria-label="No" className="text-muted">
    –
  </span>
);
