-- Rejects a row that says again what an earlier row of the file says: the same identifier, the same number of the person,
-- or the same name, birth date and sex in the same household.
-- The fences (offset 0) keep the planner from walking along all earlier rows in search of the least number.
with repetition as materialized (
  select r.row_number,
         (select min(row_number)
            from (select f.row_number
                    from import_row f
                  where f.import_id = r.import_id and f.identifier_index = r.identifier_index
                    and f.row_number < r.row_number and f.outcome = 'create'
                  offset 0) earlier) as same_identifier,
         (select min(row_number)
            from (select f.row_number
                    from import_row f
                  where f.import_id = r.import_id and f.source_index = r.source_index
                    and f.row_number < r.row_number and f.outcome = 'create'
                  offset 0) earlier) as same_number,
         (select min(row_number)
            from (select f.row_number
                    from import_row f
                  where f.import_id = r.import_id and f.virtual_id_index = r.virtual_id_index
                    and f.row_number < r.row_number and f.outcome = 'create'
                  offset 0) earlier) as same_virtual_id,
         (select min(row_number)
            from (select f.row_number
                    from import_row f
                  where f.import_id = r.import_id and f.household_index = r.household_index and f.likeness = r.likeness
                    and f.row_number < r.row_number and f.outcome = 'create'
                  offset 0) earlier) as same_person
    from import_row r
   where r.import_id = :import and r.row_number > :from and r.row_number <= :to and r.outcome = 'create'
)
update import_row r
   set outcome  = 'rejected',
       problems = jsonb_build_array(
                    case
                      when same_person is not null
                      then jsonb_build_object('column', null, 'code', 'SAME_PERSON_IN_FILE', 'otherRow', same_person)
                      when same_identifier is not null
                      then jsonb_build_object('column', 'NATIONAL_ID', 'code', 'SAME_IDENTIFIER_IN_FILE',
                                              'otherRow', same_identifier)
                      when same_virtual_id is not null
                      then jsonb_build_object('column', 'VIRTUAL_ID', 'code', 'SAME_IDENTIFIER_IN_FILE',
                                              'otherRow', same_virtual_id)
                      else jsonb_build_object('column', 'PERSON_NO', 'code', 'SAME_PERSON_IN_FILE',
                                              'otherRow', same_number)
                    end)
  from repetition
 where r.import_id = :import and r.row_number = repetition.row_number
   and (same_identifier is not null or same_virtual_id is not null or same_number is not null or same_person is not null)
