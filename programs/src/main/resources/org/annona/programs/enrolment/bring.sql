-- Makes applicants of households that are in the programme in no way (reference "Import", IM-22). Whoever was put out of it as
-- a fraud or a duplicate does not come back by a list.
insert into enrolment (id, programme_id, household_id, state, reason, changed_by, cause, changed_at)
select n.id, :programme, n.household_id, 'applied', 'IMPORTED', :actor, :cause, :now
  from unnest(:ids::uuid[], :households::uuid[]) as n(id, household_id)
  join household h on h.id = n.household_id and h.active
 where not exists (select from enrolment e
                    where e.programme_id = :programme and e.household_id = n.household_id
                      and (e.state not in ('rejected', 'exited') or e.reason in ('FRAUD', 'CONFIRMED_DUPLICATE')))
on conflict do nothing
