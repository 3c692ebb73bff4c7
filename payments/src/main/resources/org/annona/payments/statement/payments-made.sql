-- The payments of one of our messages that stay with their beneficiaries, where the bank takes their sum back in one booking.
select reference, amount_minor
  from (select a.reference, a.amount_minor, sum(a.amount_minor) over () as total, count(*) over () as payments
          from attempt a
          join batch b on b.id = a.batch_id
         where b.message_id = :message and a.state = 'settled' and a.returned_minor = 0) made
 where total = :amount and (:payments = 0 or payments = :payments)
 order by reference
