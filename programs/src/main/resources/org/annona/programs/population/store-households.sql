insert into household as h (id, ref, active, area_path, monthly_income_minor)
select * from unnest(:id::uuid[], :ref::text[], :active::boolean[], :area::text[], :income::bigint[])
on conflict (id) do update
   set ref                  = excluded.ref,
       active               = excluded.active,
       area_path            = excluded.area_path,
       monthly_income_minor = excluded.monthly_income_minor
 where (h.ref, h.active, h.area_path, h.monthly_income_minor)
       is distinct from (excluded.ref, excluded.active, excluded.area_path, excluded.monthly_income_minor)
