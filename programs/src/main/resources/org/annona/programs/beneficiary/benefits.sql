-- What reached the subject, cycle by cycle.
select r.enrolment_id, c.pay_on, n.settled_minor - n.returned_minor as minor
from entitlement n
join roster r on r.cycle_id = n.cycle_id and r.subject_id = n.subject_id
join cycle c on c.id = n.cycle_id
where n.subject_id = any (:subjects::uuid[])
  and r.enrolment_id = any (:ids::uuid[])
  and n.settled_minor > n.returned_minor
order by c.pay_on, c.id
