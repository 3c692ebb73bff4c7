select e.id, e.subject_kind, e.subject_id, h.ref as subject_ref, p.code, p.name, p.currency, e.state, e.reason,
       (select min(t.changed_at) from enrolment_history t where t.enrolment_id = e.id and t.to_state = 'enrolled')
         as enrolled_at
from enrolment e
join programme p on p.id = e.programme_id
join subject h on h.id = e.subject_id
where e.id = any (:ids::uuid[])
  and e.state in ('enrolled', 'suspended', 'duplicate_held', 'exited')
  and exists (select from enrolment_history t where t.enrolment_id = e.id and t.to_state = 'enrolled')
