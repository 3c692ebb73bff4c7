update import i
   set vanished = (select count(*)
                     from source_person s
                    where s.source = :source and s.pull_id = :pull and s.missed = 0
                      and not exists (select from import_row r
                                       where r.import_id = :import and r.source_index = s.source_index)
                      and not exists (select from import_row r
                                       where r.import_id = :import and r.person_id = s.person_id))
 where i.id = :import
