-- Rejects a row that would give a registered household a second head. A head that changes within one file (the old one
-- gets another role in it) is for a person to decide, not for a list; but a source that told of the old head takes it back.
update import_row r
   set outcome  = 'rejected',
       problems = jsonb_build_array(
                    jsonb_build_object('column', 'ROLE', 'code', 'HOUSEHOLD_HAS_HEAD', 'otherRow', null))
  from (select h.id, h.source_index
          from household h
         where h.source = :source
        union all
        select a.household_id, a.source_index
          from source_household a
         where a.source = :source) h
  join membership m on m.household_id = h.id and m.role = 'head' and m.valid_from <= :today
                    and (m.valid_to is null or m.valid_to > :today)
 where r.import_id = :import and r.row_number > :from and r.row_number <= :to
   and r.is_head and r.outcome in ('create', 'update')
   and h.source_index = r.household_index
   and m.person_id is distinct from r.person_id
   and not exists (select from source_person s where s.source = :source and s.person_id = m.person_id)
