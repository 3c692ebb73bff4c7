-- Answers grow old.
update duplication_check c
   set state = 'ready', result = 'not_checked', next_try_at = :now, attempts = 0, changed_at = :now
 where c.source_id = :source and c.state = 'completed' and c.answered_at < :older_than
   and c.review is distinct from 'open'
   and c.id in (select id from duplication_check
                 where source_id = :source and state = 'completed' and answered_at < :older_than
                 order by answered_at limit 5000 for update skip locked)
