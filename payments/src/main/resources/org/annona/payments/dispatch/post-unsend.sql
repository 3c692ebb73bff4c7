-- Takes money in flight back into the reservation, for attempts that are rejected, voided or provably never left. Each sending is
-- taken back once at most: what was sent less what was taken back is what is in flight of an attempt.
insert into transfer (id, kind, debit_account, credit_account, amount_minor, currency, envelope_id, attempt_id)
select gen_random_uuid(), 'unsend', b.account, :committed, a.amount_minor, e.currency, b.envelope_id, a.id
  from attempt a
  join batch b on b.id = a.batch_id
  join envelope e on e.id = b.envelope_id
 where a.batch_id = :batch
   and a.state in ('rejected', 'voided', 'sending')
   and (select count(*) filter (where t.kind = 'send') - count(*) filter (where t.kind = 'unsend')
          from transfer t
         where t.attempt_id = a.id and t.kind in ('send', 'unsend')) = 1
