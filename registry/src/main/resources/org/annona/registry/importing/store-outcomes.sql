-- What became of each written row, and of which person it speaks.
update import_row r
   set outcome = n.outcome, person_id = n.person
  from unnest(:number::bigint[], :outcome::text[], :person::uuid[]) as n(number, outcome, person)
 where r.import_id = :import and r.row_number = n.number
