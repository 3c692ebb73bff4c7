select e.id, e.household_id, h.ref as household_ref, p.code, p.name, p.currency, e.state, e.reason,
       (select min(t.changed_at) from enrolment_history t where t.enrolment_id = e.id and t.to_state = 'enrolled')
         as enrolled_at
from enrolment e
join programme p on p.id = e.programme_id
join household h on h.id = e.household_id
where e.id = any (:ids::uuid[])
  and e.state in ('enrolled', 'suspended', 'duplicate_held', 'exited')
  and exists (select from enrolment_history t where t.enrolment_id = e.id and t.to_state = 'enrolled')
