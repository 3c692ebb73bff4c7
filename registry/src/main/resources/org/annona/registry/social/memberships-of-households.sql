select m.id, m.household_id, m.person_id, m.role, m.valid_from, m.created_at
  from membership m
  join person p on p.id = m.person_id and p.status = 'active'
 where m.household_id = any (:ids::uuid[])
   and m.valid_from <= :day and (m.valid_to is null or m.valid_to > :day)
 order by m.household_id, m.role <> 'head', m.valid_from, m.person_id
