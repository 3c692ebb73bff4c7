update import i
   set rows_created   = c.created,
       rows_updated   = c.updated,
       rows_unchanged = c.unchanged,
       rows_rejected  = c.rejected
  from (select count(*) filter (where outcome = 'create') as created,
               count(*) filter (where outcome = 'update') as updated,
               count(*) filter (where outcome = 'unchanged') as unchanged,
               count(*) filter (where outcome = 'rejected') as rejected
          from import_row
         where import_id = :import) c
 where i.id = :import
