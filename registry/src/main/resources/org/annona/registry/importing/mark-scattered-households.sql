-- Rejects the rows of a household that the source tells of for the first time, while its people are registered elsewhere in
-- a way that leaves it open which household it is: in several ones, or in one with another head.
with fresh as materialized (
  select distinct r.household_index
    from import_row r
   where r.import_id = :import and r.row_number > :from and r.row_number <= :to
     and r.outcome <> 'rejected' and r.household_index is not null
     and not exists (select from household h where h.source = :source and h.source_index = r.household_index)
     and not exists (select from source_household a where a.source = :source and a.source_index = r.household_index)
),
known as materialized (
  select f.household_index, m.household_id, bool_or(f.is_head and m.role = 'head') as same_head
    from fresh n
    join import_row f on f.import_id = :import and f.household_index = n.household_index and f.outcome <> 'rejected'
    join membership m on m.person_id = f.person_id and m.valid_from <= :today
                     and (m.valid_to is null or m.valid_to > :today)
    join household h on h.id = m.household_id and h.source <> :source
   group by f.household_index, m.household_id
),
scattered as materialized (
  select k.household_index
    from known k
   group by k.household_index
  having count(*) > 1
      or bool_or(not k.same_head and exists (select from membership m
                                              where m.household_id = k.household_id and m.role = 'head'
                                                and m.valid_from <= :today
                                                and (m.valid_to is null or m.valid_to > :today)))
)
update import_row r
   set outcome  = 'rejected',
       problems = jsonb_build_array(
                    jsonb_build_object('column', 'HOUSEHOLD_NO', 'code', 'HOUSEHOLDS_DIFFER', 'otherRow', null))
  from scattered s
 where r.import_id = :import and r.household_index = s.household_index and r.outcome <> 'rejected'
