-- Makes applicants of households that are in the programme in no way (reference "Import", IM-22). Whoever was put out of it as
-- a fraud or a duplicate does not come back by a list.
insert into enrolment (id, programme_id, subject_kind, subject_id, state, reason, changed_by, cause, changed_at)
select n.id, :programme, :kind, n.subject_id, 'applied', 'IMPORTED', :actor, :cause, :now
  from unnest(:ids::uuid[], :households::uuid[]) as n(id, subject_id)
 where (:kind = 'household' and exists (select from household h where h.id = n.subject_id and h.active)
        or :kind = 'person' and exists (select from person p where p.id = n.subject_id and p.active))
   and not exists (select from enrolment e
                    where e.programme_id = :programme and e.subject_id = n.subject_id
                      and (e.state not in ('rejected', 'exited') or e.reason in ('FRAUD', 'CONFIRMED_DUPLICATE')))
on conflict do nothing
