-- What reached the household, cycle by cycle.
select r.enrolment_id, c.pay_on, n.settled_minor - n.returned_minor as minor
from entitlement n
join roster r on r.cycle_id = n.cycle_id and r.household_id = n.household_id
join cycle c on c.id = n.cycle_id
where n.household_id = any (:households::uuid[])
  and r.enrolment_id = any (:ids::uuid[])
  and n.settled_minor > n.returned_minor
order by c.pay_on, c.id
