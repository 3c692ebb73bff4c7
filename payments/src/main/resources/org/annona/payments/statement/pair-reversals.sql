-- Joins each credit of the statement that gives back a debit with that debit: the first of the same reference and amount with the
-- first, the second with the second.
with debit as (
  select d.*, row_number() over (partition by d.reference, d.amount_minor order by s.sequence, d.number) as place
    from statement_line d
    join statement s on s.id = d.statement_id
   where not d.credit and d.open_minor = d.amount_minor and d.reference <> ''
     and d.reference in (select reference from statement_line where statement_id = :statement and credit and open_minor > 0)
     and not exists (select from attempt a
                       join batch b on b.id = a.batch_id
                      where b.message_id = d.reference and a.state in ('sending', 'unknown', 'accepted'))
),
credit as (
  select c.*, row_number() over (partition by c.reference, c.amount_minor order by c.number) as place
    from statement_line c
   where c.statement_id = :statement and c.credit and c.open_minor = c.amount_minor
),
paired as (
  insert into clearing (id, statement_id, line_number, kind, amount_minor, counter_statement_id, counter_line_number)
  select gen_random_uuid(), d.statement_id, d.number, 'reversal', d.amount_minor, c.statement_id, c.number
    from debit d
    join credit c on c.reference = d.reference and c.amount_minor = d.amount_minor and c.place = d.place
  returning *
)
update statement_line l
   set open_minor = 0
  from paired p
 where (l.statement_id, l.number) in ((p.statement_id, p.line_number), (p.counter_statement_id, p.counter_line_number))
