-- The count starts anew after a quiet time. From the limit on, each further failure doubles the wait. Where the table is full, only
-- what is there already is counted, and what concerns places where users signed in before.
insert into login_failure as f (source, kind, user_name, address, failures, last_at)
select :source::bytea, :kind::text, :user::text, :address::text, 1, :now::timestamptz
 where :always::boolean
    or exists (select from login_failure where source = :source::bytea)
    or (select count(*) from (select from login_failure limit :most) as counted) < :most
on conflict (source) do update
   set failures      = case when f.last_at < :forgottenBefore::timestamptz then 1 else f.failures + 1 end,
       last_at       = :now::timestamptz,
       blocked_until = case
                         when f.last_at >= :forgottenBefore::timestamptz and f.failures + 1 >= :limit
                         then :now::timestamptz
                              + least(:longest, :shortest * power(2, least(10, f.failures + 1 - :limit)))
                                * interval '1 second'
                       end
returning failures, blocked_until
