insert into transfer (id, kind, debit_account, credit_account, amount_minor, currency, envelope_id, attempt_id, statement_id,
                      line_number)
select gen_random_uuid(), 'settle', b.account, :bank, l.amount_minor, :currency, b.envelope_id, a.id, l.statement_id, l.number
  from statement_line l
  join attempt a on a.id = l.attempt_id
  join batch b on b.id = a.batch_id
 where l.statement_id = :statement and l.meaning = 'settlement'
