-- Rows of a household that would stand without a head when the import is written.
update import_row r
   set without_head = true
 where r.import_id = :import and r.row_number > :from and r.row_number <= :to
   and r.outcome <> 'rejected' and r.household_index is not null
   and not exists (select from import_row f
                    where f.import_id = :import and f.household_index = r.household_index and f.is_head
                      and f.outcome <> 'rejected')
   and not exists (select from (select h.id
                                  from household h
                                 where h.source = :source and h.source_index = r.household_index
                                union all
                                select a.household_id
                                  from source_household a
                                 where a.source = :source and a.source_index = r.household_index) known
                     join membership m on m.household_id = known.id and m.role = 'head' and m.valid_from <= :today
                                      and (m.valid_to is null or m.valid_to > :today)
                    where not exists (select from import_row l
                                       where l.import_id = :import and l.person_id = m.person_id and l.outcome = 'update'
                                         and l.household_index is not null))
