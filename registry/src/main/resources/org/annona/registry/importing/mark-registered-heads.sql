-- Rejects a row that would give a registered household a second head. A head that changes within one file (the old one
-- gets another role in it) is for a person to decide, not for a list.
update import_row r
   set outcome  = 'rejected',
       problems = jsonb_build_array(
                    jsonb_build_object('column', 'ROLE', 'code', 'HOUSEHOLD_HAS_HEAD', 'otherRow', null))
  from household h
  join membership m on m.household_id = h.id and m.role = 'head' and m.valid_from <= :today
                    and (m.valid_to is null or m.valid_to > :today)
 where r.import_id = :import and r.row_number > :from and r.row_number <= :to
   and r.is_head and r.outcome in ('create', 'update')
   and h.source = :source and h.source_index = r.household_index
   and m.person_id is distinct from r.person_id
