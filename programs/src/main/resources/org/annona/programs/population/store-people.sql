insert into person as p (id, ref, active, sex, birth_date)
select * from unnest(:id::uuid[], :ref::text[], :active::boolean[], :sex::text[], :birth::date[])
on conflict (id) do update
   set ref        = excluded.ref,
       active     = excluded.active,
       sex        = excluded.sex,
       birth_date = excluded.birth_date
 where (p.ref, p.active, p.sex, p.birth_date)
       is distinct from (excluded.ref, excluded.active, excluded.sex, excluded.birth_date)
