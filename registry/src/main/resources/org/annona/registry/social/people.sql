-- Identifiers and phones are read only where something of them may be told.
select p.id, p.ref, p.status, p.name_sealed, p.email_sealed, p.sex, p.birth_date, p.birth_precision, p.death_date,
       p.created_at, p.updated_at,
       i.ids as identifier_ids, i.types as identifier_types, i.sealed as identifiers_sealed,
       f.ids as phone_ids, f.sealed as phones_sealed
from person p
left join lateral (
  select array_agg(i.id order by i.created_at, i.id) as ids,
         array_agg(i.type order by i.created_at, i.id) as types,
         array_agg(i.value_sealed order by i.created_at, i.id) as sealed
  from identifier i
  join identifier_type t on t.code = i.type and t.told
  where :identifiers::boolean and i.person_id = p.id and i.status in ('unverified', 'valid')
) i on true
left join lateral (
  select array_agg(f.id order by f.created_at, f.id) as ids,
         array_agg(f.value_sealed order by f.created_at, f.id) as sealed
  from phone f
  where :phones::boolean and f.person_id = p.id and f.active
) f on true
where p.id = any (:ids::uuid[])
