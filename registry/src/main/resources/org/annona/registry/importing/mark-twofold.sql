-- Rejects the first of several rows of a source with one identifier too: which of them it belongs to, nobody knows here.
update import_row r
   set outcome  = 'rejected',
       problems = jsonb_build_array(
                    jsonb_build_object('column', f.problems -> 0 ->> 'column', 'code', 'SAME_IDENTIFIER_IN_FILE',
                                       'otherRow', f.row_number))
  from import_row f
 where f.import_id = :import and f.row_number > :from and f.row_number <= :to
   and f.outcome = 'rejected' and f.problems -> 0 ->> 'code' = 'SAME_IDENTIFIER_IN_FILE'
   and r.import_id = f.import_id and r.row_number = (f.problems -> 0 ->> 'otherRow')::bigint
   and r.outcome <> 'rejected'
