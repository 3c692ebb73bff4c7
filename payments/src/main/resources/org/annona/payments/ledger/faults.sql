select invariant, cases
  from (
    select 'debits and credits of all accounts differ' as invariant,
           (select count(*) from (select currency from ledger_account group by currency
                                  having sum(debits) <> sum(credits)) uneven) as cases
    union all
    select 'an account does not show the sum of its transfers',
           (select count(*)
              from ledger_account a
              left join (select account, sum(debit) as debits, sum(credit) as credits
                           from (select debit_account as account, amount_minor as debit, 0 as credit from transfer
                                 union all
                                 select credit_account, 0, amount_minor from transfer) sides
                          group by account) t on t.account = a.id
             where a.debits <> coalesce(t.debits, 0) or a.credits <> coalesce(t.credits, 0))
    union all
    select 'a fund, reservation, message or return is overdrawn',
           (select count(*) from ledger_account
             where kind in ('FUND', 'COMMITTED', 'IN_FLIGHT', 'RETURNS') and credits < debits)
    union all
    select 'more was settled than was owed',
           (select count(*)
              from (select a.disbursement_id, sum(a.settled_minor - a.returned_minor) as paid
                      from attempt a group by a.disbursement_id) p
              join disbursement d on d.id = p.disbursement_id
             where p.paid > d.amount_minor)
    union all
    select 'a payment counts as paid without a settled attempt, or the other way round',
           (select count(*)
              from disbursement d
             where (d.state = 'paid') <>
                   exists (select from attempt a
                            where a.disbursement_id = d.id and a.state = 'settled' and a.returned_minor = 0))
    union all
    select 'money in flight of a message is not the sum of its open attempts',
           (select count(*)
              from batch b
              join ledger_account l on l.id = b.account
             where l.credits - l.debits <>
                   (select coalesce(sum(a.amount_minor), 0) from attempt a
                     where a.batch_id = b.id and a.state in ('sending', 'unknown', 'accepted')))
    union all
    select 'the lines of an envelope do not add up to what was approved',
           (select count(*)
              from envelope e
             where e.state <> 'receiving'
               and (e.declared_count, e.declared_minor) <>
                   (select count(*), coalesce(sum(amount_minor), 0)::bigint
                      from disbursement d where d.envelope_id = e.id))
    union all
    select 'a statement does not follow the one before it',
           (select count(*)
              from (select s.opening_minor, s.sequence,
                           lag(s.closing_minor, 1, coalesce(o.credits - o.debits, 0)) over w as before,
                           lag(s.sequence, 1, 0::bigint) over w as sequence_before
                      from statement s
                      left join ledger_account o on o.code = 'OPENING:' || s.bank_account
                    window w as (partition by s.bank_account order by s.sequence)) s
             where opening_minor <> before or sequence <> sequence_before + 1)
    union all
    select 'our account in the ledger does not show the balance of the newest statement',
           (select count(*)
              from (select distinct on (bank_account) bank_account, closing_minor
                      from statement order by bank_account, sequence desc) s
              join ledger_account l on l.code = 'BANK:' || s.bank_account
             where l.debits - l.credits <> s.closing_minor)
    union all
    select 'a line of a statement has no posting, or more than it should',
           (select count(*)
              from statement_line l
             where (select count(*) from transfer t where t.statement_id = l.statement_id and t.line_number = l.number
                                                     and t.clearing_id is null)
                   <> case when l.meaning in ('settlement', 'return') then 2 else 1 end)
    union all
    select 'the returns of a programme are not the sum of its payments that came back',
           (select count(*)
              from ledger_account r
              left join (select e.programme_code, sum(d.returned_minor) as back
                           from disbursement d join envelope e on e.id = d.envelope_id
                          group by e.programme_code) b
                on r.code = 'RETURNS:' || b.programme_code
             where r.kind = 'RETURNS' and r.credits - r.debits <> coalesce(b.back, 0))
    union all
    select 'suspense is not the sum of the lines that nobody has explained',
           (select count(*)
              from ledger_account a
              left join (select s.bank_account, sum(case when l.credit then -l.open_minor else l.open_minor end) as open
                           from statement_line l join statement s on s.id = l.statement_id
                          where l.meaning = 'suspense' group by s.bank_account) o on a.code = 'SUSPENSE:' || o.bank_account
             where a.kind = 'SUSPENSE' and a.debits - a.credits <> coalesce(o.open, 0))
    union all
    select 'a line in suspense is explained by more or less than its amount',
           (select count(*)
              from statement_line l
             where l.meaning = 'suspense'
               and l.amount_minor - l.open_minor <>
                   (select coalesce(sum(c.amount_minor), 0) from clearing c
                     where (c.statement_id, c.line_number) = (l.statement_id, l.number)
                        or (c.counter_statement_id, c.counter_line_number) = (l.statement_id, l.number)))
    union all
    select 'money of a payment came back and waits in suspense although the payment counts as paid',
           (select count(*)
              from statement_line l
              join attempt a on a.reference = l.reference and a.state = 'settled'
              join batch b on b.id = a.batch_id
             where l.credit and l.open_minor > 0 and l.open_minor <= a.settled_minor - a.returned_minor
               and not exists (select from statement_line d
                                where d.reference in (l.reference, b.message_id) and not d.credit and d.open_minor > 0))
    union all
    select 'the benefit of a cycle is not the appropriation that it used',
           (select count(*)
              from ledger_account b
              join ledger_account a on a.code = 'APPLIED' || substr(b.code, length('BENEFIT') + 1)
             where b.kind = 'BENEFIT' and b.debits - b.credits <> a.credits - a.debits)
  ) checks
 where cases > 0
