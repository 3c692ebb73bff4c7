-- Identifiers of these people that may be taken away: each of them holds an identifier in force of a type that has to be
-- there, and it is not the very one that would go.
select i.id, i.person_id, i.type, i.value_sealed, i.value_index, i.status
  from identifier i
 where i.person_id = any (:people::uuid[])
   and i.type = :type
   and i.status in ('unverified', 'valid')
   and exists (select from identifier held
                where held.person_id = i.person_id and held.id <> i.id and held.type = any (:held::text[])
                  and held.status in ('unverified', 'valid'))
   for update of i
