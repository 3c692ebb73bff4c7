insert into token_case (id, tokenisation_id, kind, person_id, other_person_id)
select c.id, c.tokenisation_id, c.kind, c.person_id, c.other_id
  from unnest(:ids::uuid[], :tokenisations::uuid[], :kinds::text[], :people::uuid[], :others::uuid[])
       as c(id, tokenisation_id, kind, person_id, other_id)
on conflict (tokenisation_id) where decided_at is null do nothing
