-- Those who are in the programme already, in whatever state, keep their enrolment.
insert into enrolment (id, programme_id, household_id, state, reason, changed_by, cause, changed_at)
select n.id, :programme, n.household_id, 'applied', 'AUTO', :actor, :cause, :now
  from unnest(:ids::uuid[], :households::uuid[]) as n(id, household_id)
  join household h on h.id = n.household_id and h.active
 where not exists (select from enrolment e where e.programme_id = :programme and e.household_id = n.household_id)
on conflict do nothing
