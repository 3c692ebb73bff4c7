insert into person as p (id, active, sex, birth_date)
select * from unnest(:id::uuid[], :active::boolean[], :sex::text[], :birth::date[])
on conflict (id) do update
   set active     = excluded.active,
       sex        = excluded.sex,
       birth_date = excluded.birth_date
 where (p.active, p.sex, p.birth_date) is distinct from (excluded.active, excluded.sex, excluded.birth_date)
