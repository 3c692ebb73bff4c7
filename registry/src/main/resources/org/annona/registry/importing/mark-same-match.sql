-- Rejects a row that speaks of the same registered person as an earlier row.
-- The fences (offset 0) keep the planner from walking along all earlier rows in search of the least number.
with claim as materialized (
  select r.row_number,
         (select min(row_number)
            from (select f.row_number
                    from import_row f
                  where f.import_id = r.import_id and f.person_id = r.person_id
                    and f.row_number < r.row_number and f.outcome <> 'rejected'
                  offset 0) earlier) as first_row
    from import_row r
   where r.import_id = :import and r.row_number > :from and r.row_number <= :to
     and r.person_id is not null and r.outcome <> 'rejected'
)
update import_row r
   set outcome  = 'rejected',
       problems = jsonb_build_array(
                    jsonb_build_object('column', null, 'code', 'SAME_PERSON_IN_FILE', 'otherRow', claim.first_row))
  from claim
 where r.import_id = :import and r.row_number = claim.row_number and claim.first_row is not null
