-- Those who are in the programme already, in whatever state, keep their enrolment.
insert into enrolment (id, programme_id, subject_kind, subject_id, state, reason, changed_by, cause, changed_at)
select n.id, :programme, :kind, n.subject_id, 'applied', 'AUTO', :actor, :cause, :now
  from unnest(:ids::uuid[], :households::uuid[]) as n(id, subject_id)
 where (:kind = 'household' and exists (select from household h where h.id = n.subject_id and h.active)
        or :kind = 'person' and exists (select from person p where p.id = n.subject_id and p.active))
   and not exists (select from enrolment e where e.programme_id = :programme and e.subject_id = n.subject_id)
on conflict do nothing
