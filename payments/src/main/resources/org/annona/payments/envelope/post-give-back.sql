insert into transfer (id, kind, debit_account, credit_account, amount_minor, currency, envelope_id)
select gen_random_uuid(), 'give_back', :returns, :fund, d.returned_minor, e.currency, e.id
  from disbursement d
  join envelope e on e.id = d.envelope_id
 where d.id = :disbursement
