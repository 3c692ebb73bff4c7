-- The open payments of one of our messages, where a booking of the bank is their sum.
select reference, amount_minor
  from (select a.reference, a.amount_minor, sum(a.amount_minor) over () as total, count(*) over () as payments
          from attempt a
          join batch b on b.id = a.batch_id
         where b.message_id = :message and a.state in ('sending', 'unknown', 'accepted')) open
 where total = :amount and (:payments = 0 or payments = :payments)
 order by reference
