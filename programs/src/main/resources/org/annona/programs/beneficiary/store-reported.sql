insert into reported_enrolment as known
       (id, reporter, programme_code, programme_name, person_id, status, enrolled_on, reported_at)
select distinct on (r.code, r.person_id) r.id, :reporter, r.code, r.name, r.person_id, r.status, r.since, :now
from unnest(:ids::uuid[], :codes::text[], :names::text[], :people::uuid[], :statuses::text[], :dates::date[])
     with ordinality as r(id, code, name, person_id, status, since, place)
order by r.code, r.person_id, r.place desc
on conflict (reporter, programme_code, person_id) do update
   set programme_name = excluded.programme_name, status = excluded.status,
       enrolled_on = coalesce(excluded.enrolled_on, known.enrolled_on), reported_at = excluded.reported_at
 where (known.programme_name, known.status, known.enrolled_on) is distinct from
       (excluded.programme_name, excluded.status, coalesce(excluded.enrolled_on, known.enrolled_on))
