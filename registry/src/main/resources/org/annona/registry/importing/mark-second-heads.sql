-- Rejects a row that claims to be head of a household which has a head in an earlier row.
-- The fences (offset 0) keep the planner from walking along all earlier rows in search of the least number.
with claim as materialized (
  select r.row_number,
         (select min(row_number)
            from (select f.row_number
                    from import_row f
                  where f.import_id = r.import_id and f.household_index = r.household_index and f.is_head
                    and f.row_number < r.row_number and f.outcome = 'create'
                  offset 0) earlier) as head
    from import_row r
   where r.import_id = :import and r.row_number > :from and r.row_number <= :to and r.outcome = 'create' and r.is_head
)
update import_row r
   set outcome  = 'rejected',
       problems = jsonb_build_array(
                    jsonb_build_object('column', 'ROLE', 'code', 'SECOND_HEAD', 'otherRow', claim.head))
  from claim
 where r.import_id = :import and r.row_number = claim.row_number and claim.head is not null
