-- Out of suspense into the returns of the programme, and the benefit taken back.
insert into transfer (id, kind, debit_account, credit_account, amount_minor, currency, envelope_id, attempt_id, statement_id,
                      line_number, clearing_id)
select gen_random_uuid(), posting.kind, posting.debit, posting.credit, c.amount_minor, e.currency, e.id, a.id,
       c.statement_id, c.line_number, c.id
  from clearing c
  join attempt a on a.id = c.attempt_id
  join batch b on b.id = a.batch_id
  join envelope e on e.id = b.envelope_id
  join ledger_account suspense on suspense.code = 'SUSPENSE:' || :bankAccount
  join ledger_account returned on returned.code = 'RETURNS:' || e.programme_code
  join ledger_account benefit on benefit.code = 'BENEFIT:' || e.programme_code || ':' || e.cycle_code
  join ledger_account applied on applied.code = 'APPLIED:' || e.programme_code || ':' || e.cycle_code
 cross join lateral (values ('clear', suspense.id, returned.id), ('unbenefit', applied.id, benefit.id))
              as posting(kind, debit, credit)
 where c.id = any (:clearing::uuid[])
