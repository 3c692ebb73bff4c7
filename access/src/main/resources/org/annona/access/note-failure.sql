-- The count starts anew after a quiet quarter of an hour. From the limit on, each further failure doubles the wait.
insert into login_failure as f (source, failures, last_at)
values (:source, 1, :now)
on conflict (source) do update
   set failures      = case when f.last_at < :forgottenBefore then 1 else f.failures + 1 end,
       last_at       = :now,
       blocked_until = case
                         when f.last_at >= :forgottenBefore and f.failures + 1 >= :limit
                         then :now::timestamptz
                              + least(900, 30 * power(2, least(10, f.failures + 1 - :limit))) * interval '1 second'
                       end
