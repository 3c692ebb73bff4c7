-- A list changes who is head of a registered household: every row of the household is rejected, so that the household stays as it
-- was, and with them every row of the household into which its head would go. Groups are not written as one yet, so that a part of
-- such a change could stay without the rest.
with numbered as materialized (
  select r.row_number, r.household_index, r.is_head, r.outcome, r.person_id,
         coalesce((select h.id from household h where h.source = :source and h.source_index = r.household_index),
                  (select a.household_id from source_household a
                    where a.source = :source and a.source_index = r.household_index)) as household_id
    from import_row r
   where r.import_id = :import and r.row_number > :from and r.row_number <= :to
     and r.outcome in ('create', 'update') and r.household_index is not null
),
leaving as materialized (
  select r.household_index as goes_to, m.household_id
    from numbered r
    join membership m on m.person_id = r.person_id and m.role = 'head' and m.valid_from <= :today
                     and (m.valid_to is null or m.valid_to > :today)
   where r.outcome = 'update'
     and case
           when m.household_id = r.household_id then not r.is_head
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
    from numbered r
    join membership m on m.household_id = r.household_id and m.role = 'head' and m.valid_from <= :today
                     and (m.valid_to is null or m.valid_to > :today)
   where r.is_head and m.person_id is distinct from r.person_id
)
update import_row r
   set outcome  = 'rejected',
       problems = jsonb_build_array(
                    jsonb_build_object('column', 'ROLE', 'code', 'HEAD_CHANGES', 'otherRow', null))
  from (select goes_to as household_index from leaving
        union
        select h.source_index from leaving l join household h on h.id = l.household_id and h.source = :source
        union
        select a.source_index from leaving l join source_household a on a.household_id = l.household_id and a.source = :source
        union
        select household_index from coming) affected
 where r.import_id = :import and r.household_index = affected.household_index and r.outcome <> 'rejected'
