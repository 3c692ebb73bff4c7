select distinct m.household_id
  from import_row r
  join membership m on m.person_id = coalesce(r.person_id, r.new_person_id) and m.valid_from <= :today
                   and (m.valid_to is null or m.valid_to > :today)
 where r.import_id = :import and r.row_number > :from and r.row_number <= :to and r.outcome in ('create', 'update')
 order by m.household_id
