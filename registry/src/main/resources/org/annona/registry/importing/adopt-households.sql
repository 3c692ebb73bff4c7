-- A household that the source tells of for the first time is the one in which its people are registered already; where that
-- is not clear, the check has rejected it.
insert into source_household (source, source_index, household_id)
select :source, r.household_index, (array_agg(m.household_id))[1]
  from import_row r
  join membership m on m.person_id = r.person_id and m.valid_from <= :today
                   and (m.valid_to is null or m.valid_to > :today)
  join household h on h.id = m.household_id and h.source <> :source
 where r.import_id = :import and r.outcome in ('update', 'unchanged')
   and r.household_index in (select w.household_index
                               from import_row w
                              where w.import_id = :import and w.row_number > :from and w.row_number <= :to
                                and w.household_index is not null)
   and not exists (select from household k where k.source = :source and k.source_index = r.household_index)
   and not exists (select from source_household a where a.source = :source and a.source_index = r.household_index)
 group by r.household_index
having count(distinct m.household_id) = 1
on conflict do nothing
