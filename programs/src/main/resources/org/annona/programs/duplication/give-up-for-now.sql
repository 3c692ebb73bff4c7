-- The registry has not been reached for hours: who waits for it is asked for again by schedule.
update duplication_check
   set next_try_at = :again, changed_at = :now
 where source_id = :source and next_try_at < :again and state <> 'checking'
