insert into transfer (id, kind, debit_account, credit_account, amount_minor, currency, statement_id, line_number)
select gen_random_uuid(), l.meaning,
       case
         when l.meaning = 'fee' then :fees
         when l.meaning = 'suspense' and not l.credit then :suspense
         else :bank
       end,
       case
         when l.meaning = 'funding' then fund.id
         when l.meaning = 'suspense' and l.credit then :suspense
         else :bank
       end,
       l.amount_minor, :currency, l.statement_id, l.number
  from statement_line l
  left join funding f on f.reference = l.reference and l.meaning = 'funding'
  left join ledger_account fund
    on fund.code = 'FUND:' || f.programme_code || ':' || f.year
 where l.statement_id = :statement and l.meaning in ('fee', 'suspense', 'funding')
