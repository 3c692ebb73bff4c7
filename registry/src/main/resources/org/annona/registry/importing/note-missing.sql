-- People of whom the source told before and does not any more, after it was read whole.
update source_person s
   set missed = missed + 1, missed_since = coalesce(missed_since, :today)
 where s.source = :source and s.pull_id = :pull
   and not exists (select from import_row r where r.import_id = :import and r.source_index = s.source_index)
   and not exists (select from import_row r where r.import_id = :import and r.person_id = s.person_id)
