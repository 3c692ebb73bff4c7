insert into transfer (id, kind, debit_account, credit_account, amount_minor, currency, envelope_id, attempt_id)
select gen_random_uuid(), 'unsend', b.account, :committed, a.amount_minor, e.currency, b.envelope_id, a.id
  from attempt a
  join batch b on b.id = a.batch_id
  join envelope e on e.id = b.envelope_id
 where a.id = :attempt
