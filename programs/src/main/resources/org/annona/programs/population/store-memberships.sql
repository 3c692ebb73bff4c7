insert into membership as m (id, household_id, person_id, role, valid_from, valid_to)
select * from unnest(:id::uuid[], :household::uuid[], :person::uuid[], :role::text[], :from::date[], :to::date[])
on conflict (id) do update
   set role       = excluded.role,
       valid_from = excluded.valid_from,
       valid_to   = excluded.valid_to
 where (m.role, m.valid_from, m.valid_to) is distinct from (excluded.role, excluded.valid_from, excluded.valid_to)
