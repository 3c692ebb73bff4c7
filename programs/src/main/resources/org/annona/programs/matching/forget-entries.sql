delete from matching_entry e
 using (select exchange_id, mark from matching_entry where exchange_id = :exchange limit :most) gone
 where e.exchange_id = gone.exchange_id and e.mark = gone.mark
