update request r
   set tokens = r.tokens + :tokens, failed = r.failed + :failed, repeats = r.repeats + :repeats,
       contradictions = r.contradictions + :contradictions, strangers = r.strangers + :strangers,
       answered_at = case when :tokens + :failed > 0 then :now::timestamptz else r.answered_at end,
       state = case when open.left_over = 0 and r.state in ('sending', 'accepted', 'lost') then 'done' else r.state end,
       ended_at = case when open.left_over = 0 then coalesce(r.ended_at, :now::timestamptz) else r.ended_at end,
       poll_at = case when open.left_over = 0 then null else r.poll_at end
  from (select count(*) as left_over from attempt where request_id = :request and answered_at is null) open
 where r.id = :request
