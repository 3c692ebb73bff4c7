-- Rejects a row that takes her place from the head of a household while no row that can be taken gives it to somebody: the row of
-- the new head may be one that is rejected.
update import_row r
   set outcome  = 'rejected',
       problems = jsonb_build_array(
                    jsonb_build_object('column', 'ROLE', 'code', 'HOUSEHOLD_WITHOUT_HEAD', 'otherRow', null))
  from membership m
 where r.import_id = :import and r.row_number > :from and r.row_number <= :to
   and r.outcome = 'update' and r.household_index is not null and not r.is_head
   and m.person_id = r.person_id and m.role = 'head' and m.valid_from <= :today
   and (m.valid_to is null or m.valid_to > :today)
   and m.household_id = coalesce(
         (select h.id from household h where h.source = :source and h.source_index = r.household_index),
         (select a.household_id from source_household a where a.source = :source and a.source_index = r.household_index))
   and not exists (select from import_row f
                    where f.import_id = :import and f.household_index = r.household_index and f.is_head
                      and f.outcome <> 'rejected')
