-- What came back is in the returns of the programme; what was rejected in a closed envelope is in the fund.
insert into transfer (id, kind, debit_account, credit_account, amount_minor, currency, envelope_id)
select gen_random_uuid(), 'reissue', :from, :committed,
       case when d.state = 'returned' then d.returned_minor else d.amount_minor - d.settled_minor end, e.currency, e.id
  from disbursement d
  join envelope e on e.id = d.envelope_id
 where d.id = :disbursement
