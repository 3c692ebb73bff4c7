select i.id, i.person_id, i.type, i.value_sealed
  from identifier i
  join identifier_type t on t.code = i.type and t.told
  join person p on p.id = i.person_id and (p.status = 'active' or p.status = 'deceased' and :deceased)
 where i.person_id = any (:people::uuid[]) and i.status in ('unverified', 'valid')
 order by i.person_id, i.type
