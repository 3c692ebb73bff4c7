-- What the bank wrote, added up anew: amounts, sides and references of the lines as they stand on the statements, what of them waits in
-- suspense, and what was explained. Sums that the booking keeps are only what is compared.
with line as materialized (
  select l.statement_id, l.number, l.reference, case when l.credit then -l.amount_minor else l.amount_minor end as out_minor,
         case when l.credit then -l.open_minor else l.open_minor end as open_minor
    from statement_line l
),
-- The part of each line that people, or the pairing, took for something else than a payment under its own reference.
explained as materialized (
  select statement_id, line_number, sum(amount_minor) as minor
    from (select c.statement_id, c.line_number, c.amount_minor
            from clearing c
          union all
          select c.counter_statement_id, c.counter_line_number, c.amount_minor
            from clearing c
           where c.kind = 'reversal') both_sides
   group by statement_id, line_number
),
-- What went out for each attempt: lines under its reference that wait for nobody, and lines that were explained as its own.
gone as materialized (
  select attempt_id, sum(minor) as minor
    from (select a.id as attempt_id, l.out_minor - l.open_minor - sign(l.out_minor) * coalesce(e.minor, 0) as minor
            from line l
            join attempt a on a.reference = l.reference
            left join explained e on (e.statement_id, e.line_number) = (l.statement_id, l.number)
          union all
          select c.attempt_id, case c.kind when 'return' then -c.amount_minor else c.amount_minor end
            from clearing c
           where c.attempt_id is not null) parts
   group by attempt_id
),
paid as materialized (
  select a.disbursement_id, coalesce(sum(g.minor), 0) as minor
    from attempt a
    left join gone g on g.attempt_id = a.id
   group by a.disbursement_id
)
select invariant, cases
  from (
    select 'by the lines of the bank that are not in suspense more went out for a payment than was owed' as invariant,
           (select count(*)
              from paid p
              join disbursement d on d.id = p.disbursement_id
             where p.minor > d.amount_minor) as cases
    union all
    select 'by the lines of the bank a payment has another amount than we show as paid',
           (select count(*)
              from disbursement d
              left join paid p on p.disbursement_id = d.id
             where coalesce(p.minor, 0) <> d.settled_minor - d.returned_minor)
    union all
    select 'by the lines of the bank an attempt has another amount than we show as paid under its reference',
           (select count(*)
              from attempt a
              left join gone g on g.attempt_id = a.id
             where coalesce(g.minor, 0) <> a.settled_minor - a.returned_minor)
    union all
    select 'a payment was sent again while an earlier attempt may have been paid',
           (select count(*)
              from attempt a
             where a.state not in ('rejected', 'voided', 'returned', 'returned_in_part')
               and exists (select from attempt n where n.disbursement_id = a.disbursement_id and n.number > a.number))
    union all
    select 'the lines of a statement do not lead from its opening to its closing balance',
           (select count(*)
              from statement s
              left join (select statement_id, -sum(out_minor) as moved from line group by statement_id) l
                on l.statement_id = s.id
             where s.closing_minor - s.opening_minor <> coalesce(l.moved, 0))
    union all
    select 'a line of a statement is not posted at the bank with its amount and side',
           (select count(*)
              from line l
              left join (select t.statement_id, t.line_number,
                                sum(case when b.id = t.credit_account then t.amount_minor else -t.amount_minor end) as out_minor
                           from transfer t
                           join ledger_account b on b.id in (t.debit_account, t.credit_account) and b.kind = 'BANK'
                          where t.statement_id is not null and t.clearing_id is null
                          group by t.statement_id, t.line_number) t
                on (t.statement_id, t.line_number) = (l.statement_id, l.number)
             where t.out_minor is distinct from l.out_minor)
    union all
    select 'funds count as arrived without a line of the bank, or with another amount',
           (select count(*)
              from funding f
              left join (select reference, sum(amount_minor) as minor
                           from statement_line where credit and meaning = 'funding' group by reference) l
                on l.reference = f.reference
              left join (select d.detail, sum(c.amount_minor) as minor
                           from clearing c join decision d on d.id = c.decision_id and d.state = 'done'
                          where c.kind = 'funding' group by d.detail) e
                on e.detail = 'funding ' || f.reference
             where f.received_minor <> coalesce(l.minor, 0) + coalesce(e.minor, 0))
    union all
    select 'a fund was credited without a line of the bank and without a decision of two people',
           (select count(*)
              from transfer t
              join ledger_account a on a.id = t.credit_account and a.kind = 'FUND'
             where case t.kind
                     when 'funding' then t.statement_id is null
                     when 'clear' then t.clearing_id is null
                     when 'release' then t.envelope_id is null
                     when 'stop' then t.envelope_id is null
                     when 'give_back' then false
                     when 'carry_over' then false
                     else true
                   end)
    union all
    select 'more was carried over than two people decided',
           (select count(*)
              from (select (select coalesce(sum(amount_minor), 0) from transfer where kind = 'carry_over') as carried,
                           (select coalesce(sum(split_part(detail, ' ', 3)::bigint), 0)
                              from decision where kind = 'carry_over' and state = 'done') as decided) s
             where s.carried <> s.decided)
    union all
    select 'a line in suspense was explained by nobody, or by one person',
           (select count(*)
              from clearing c
              left join decision d on d.id = c.decision_id and d.state = 'done' and d.kind = 'explain_line'
             where c.kind in ('settlement', 'funding', 'fee', 'surrender') and d.id is null)
  ) checks
 where cases > 0
