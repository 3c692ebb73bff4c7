-- What the bank wrote, added up anew: amounts, sides and references of the lines as they stand on the statements, and what people
-- explained. No column that the booking keeps up to date takes part, except as what is compared.
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
    select 'by the lines of the bank more went out for a payment than was owed, and nobody has explained it' as invariant,
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
             where s.closing_minor - s.opening_minor <>
                   (select coalesce(-sum(l.out_minor), 0) from line l where l.statement_id = s.id))
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
    select 'money was spent of a fund that no line of the bank and no person brought in',
           (select count(*)
              from funding f
             where f.received_minor > 0
               and f.received_minor > (select coalesce(-sum(l.out_minor), 0) from line l where l.reference = f.reference)
                                      + (select coalesce(sum(c.amount_minor), 0)
                                           from clearing c
                                           join decision d on d.id = c.decision_id
                                          where c.kind = 'funding' and d.detail like '%' || f.reference || '%'))
  ) checks
 where cases > 0
