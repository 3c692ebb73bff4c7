-- Who only applied or was rejected is no beneficiary, and was none.
select e.id, e.subject_id
from enrolment e
where e.subject_id = any (:subjects::uuid[])
  and e.state in ('enrolled', 'suspended', 'duplicate_held', 'exited')
  and exists (select from enrolment_history t where t.enrolment_id = e.id and t.to_state = 'enrolled')
order by e.subject_id, e.id
