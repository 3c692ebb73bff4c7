-- A list changes who is head of a registered household: every row of the household is rejected, so that the household stays as it
-- was, and with them every row of the household into which its head would go. Groups are not written as one yet, so that a part of
-- such a change could stay without the rest.
with leaving as materialized (
  select r.household_index as goes_to, was.source_index as comes_from
    from import_row r
    join membership m on m.person_id = r.person_id and m.role = 'head' and m.valid_from <= :today
                     and (m.valid_to is null or m.valid_to > :today)
    join household was on was.id = m.household_id
   where r.import_id = :import and r.row_number > :from and r.row_number <= :to
     and r.outcome = 'update' and r.household_index is not null
     and case
           when was.source = :source and was.source_index = r.household_index then not r.is_head
           -- A household that moves as a whole leaves nobody behind.
           else exists (select from membership o
                         where o.household_id = m.household_id and o.person_id <> r.person_id
                           and o.valid_from <= :today and (o.valid_to is null or o.valid_to > :today)
                           and not exists (select from import_row f
                                            where f.import_id = :import and f.person_id = o.person_id
                                              and f.outcome = 'update' and f.household_index = r.household_index))
         end
),
coming as materialized (
  select r.household_index
    from import_row r
    join household h on h.source = :source and h.source_index = r.household_index
    join membership m on m.household_id = h.id and m.role = 'head' and m.valid_from <= :today
                     and (m.valid_to is null or m.valid_to > :today)
   where r.import_id = :import and r.row_number > :from and r.row_number <= :to
     and r.is_head and r.outcome in ('create', 'update')
     and m.person_id is distinct from r.person_id
)
update import_row r
   set outcome  = 'rejected',
       problems = jsonb_build_array(
                    jsonb_build_object('column', 'ROLE', 'code', 'HEAD_CHANGES', 'otherRow', null))
  from (select goes_to as household_index from leaving
        union select comes_from from leaving
        union select household_index from coming) affected
 where r.import_id = :import and r.household_index = affected.household_index and r.outcome <> 'rejected'
